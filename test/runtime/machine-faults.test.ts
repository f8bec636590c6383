import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { channelFilePath } from '../../agent/lab/crowdstrike-sensor.ts';
import { type ManifestEntry, readManifest } from '../../agent/lab/manifest.ts';
import { agentExit } from '../../server/cli/demo/run-agent.ts';
import { imagePlaces } from '../../shared/winre/agent-settings.ts';
import { faketime } from '../support/debian-packages.ts';
import { startTestServer } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BrokenMachines } from './support/broken-machines.ts';
import { drivenAgent } from './support/built-agent.ts';
import { linesOf } from './support/draw-screen.ts';
import { noMounts, OwnMounts, type OwnVolume } from './support/own-mounts.ts';
import { type LogLine, readLog, watchProgram, watchRecovery } from './support/watched-recovery.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

const handedOver = 20;
const badFile = channelFilePath(291, 32);
const longName = 'KASSENRECHNER-FILIALE-0815-OBERGESCHOSSX';
const noFaketime = fs.existsSync(faketime.file) ? false : `not installed: ${faketime.name}`;

/** One start of the executable that ships, as whoever sits before it and whoever reads its log saw it. */
interface Recovered {
  readonly code: number | null;
  readonly headline: string;
  /** All words of the last picture, blanks made one. */
  readonly words: string;
  readonly log: readonly LogLine[];
  /** What wpeutil was asked for. */
  readonly asked: string;
}

if (noWine) test('the executable on a machine with a fault', { skip: noWine });
else {
  const machines = await BrokenMachines.build(await startTestServer());
  const mounts = noMounts === false ? await OwnMounts.start() : undefined;
  const image = temporaryFolder();
  const empty = temporaryFolder();
  // Letters that Windows knows when it starts are the ones that it has.
  const drives = { D: empty, E: empty, W: empty, X: image };
  const windows = new WineMachine(drives, {}, mounts);
  after(() => mounts?.end());
  windows.keepRunning();
  const driven = windows.install(await drivenAgent());
  const settingsFile = path.join(image, imagePlaces.settings.replaceAll('\\', '/'));

  const recover = async (here: Partial<typeof drives>, ...flags: readonly string[]): Promise<Recovered> => {
    for (const [letter, folder] of Object.entries({ ...drives, ...here })) windows.attach(letter, folder);
    const program = flags.length === 0 ? undefined : [driven, ...flags, 'agent', 'recover'];
    return seen(windows, program);
  };

  const seen = async (on: WineMachine, program?: readonly string[]): Promise<Recovered> => {
    const notes = on.onC('wpeutil.txt');
    fs.rmSync(notes, { force: true });
    const { code, pictures } = await (program ? watchProgram(on, program) : watchRecovery(on));
    const lines = linesOf(pictures.at(-1)!);
    const words = lines.join(' ').replaceAll(/[\s█░]+/g, ' ');
    const asked = fs.existsSync(notes) ? fs.readFileSync(notes, 'utf8').trim() : '';
    const log = readLog(path.join(image, 'bootmend.log'));
    return { code, headline: lines[4]?.trim() ?? '', words, log, asked };
  };

  describe('the executable on a machine with a fault', () => {
    beforeEach(() => {
      for (const name of fs.readdirSync(image)) fs.rmSync(path.join(image, name), { recursive: true });
    });

    test('a full disk: nothing is begun, and the menu comes', { skip: noMounts }, async () => {
      const volume = mounts!.copyToFull((await machines.take()).drive, 0);
      const before = filesOf(volume);
      expectMenu(await recover({ E: volume.place }), 'disk-full', 'The disk of Windows is full');
      assert.deepEqual(filesOf(volume), before);
    });

    test(
      'a disk that fills up in the middle: the whole repair or none of it',
      { skip: noMounts },
      async () => {
        const ends = new Set<string>();
        for (const pages of [1, 2, 3, 4, 5]) {
          const volume = mounts!.copyToFull((await machines.take()).drive, pages);
          const [before, healed] = [filesOf(volume), withoutBad(filesOf(volume))];
          const recovered = await recover({ E: volume.place });
          const isDone = filesOf(volume).size === healed.size;
          assert.deepEqual(filesOf(volume), isDone ? healed : before, `full after ${pages} pages`);
          const isRestarted = recovered.code === agentExit.reboot;
          if (isRestarted) expectHealed(recovered);
          else expectMenu(recovered, 'disk-full', 'The disk of Windows is full');
          assert.ok(isDone || !isRestarted);
          ends.add(`${isDone ? 'whole' : 'none'}, ${isRestarted ? 'restart' : 'menu'}`);
        }
        assert.ok(ends.has('none, menu') && ends.has('whole, restart'), [...ends].join('; '));
      },
    );

    test('a volume that takes no writes: the menu', { skip: noMounts }, async () => {
      const machine = await machines.take();
      const { place } = mounts!.viewReadOnly(machine.drive);
      expectMenu(await recover({ E: place }), 'access-denied', 'The disk of Windows takes no changes');
    });

    test('a damaged NTFS that gives some files: healed by what can be read', async () => {
      const machine = await machines.take();
      const damaged = String.raw`SrtTrail|ntbtlog|Logs\\|config\\SOFTWARE|C-00000285`;
      expectHealed(await recover({ E: machine.drive }, '--damaged', damaged));
      assert.ok(machine.judge().healed, JSON.stringify(machine.judge()));
    });

    test('a damaged NTFS that gives nothing: the menu', async () => {
      const machine = await machines.take();
      const recovered = await recover({ E: machine.drive }, '--damaged', String.raw`E:\\.`);
      expectMenu(recovered, 'not-our-turn', 'The disks cannot be read.');
      makeRescueImage();
      const rescued = await recover({ E: machine.drive }, '--damaged', String.raw`E:\\.`);
      expectMenu(rescued, 'input-output', 'The disk of Windows is damaged');
      assert.ok(machine.isUntouched());
    });

    test('two Windows that no boot entry tells apart: the menu, and none is touched', async () => {
      const [one, other] = [await machines.take(), await machines.take()];
      const both = { E: one.drive, W: other.drive };
      const which = String.raw`The boot entry cannot be read and the Windows may be on E:\, W:\.`;
      expectMenu(await recover(both), 'not-our-turn', which);
      makeRescueImage();
      expectMenu(await recover(both), 'windows-ambiguous', which);
      for (const machine of [one, other]) assert.ok(machine.isUntouched());
    });

    test('no Windows at all: the menu', async () => {
      expectMenu(await recover({}), 'not-our-turn', 'No volume holds a Windows.');
      makeRescueImage();
      expectMenu(await recover({}), 'windows-not-found', 'No volume holds a Windows.');
      assert.deepEqual(fs.readdirSync(empty), []);
    });

    test('other letters: Windows is healed where it is, and a data drive is not touched', async () => {
      const machine = await machines.take();
      const data = temporaryFolder();
      const lookAlike = path.join(data, badFile.replaceAll('\\', '/'));
      fs.mkdirSync(path.dirname(lookAlike), { recursive: true });
      fs.copyFileSync(path.join(machine.drive, badFile.replaceAll('\\', '/')), lookAlike);
      const before = readManifest(data);
      expectHealed(await recover({ D: data, W: machine.drive }));
      assert.ok(machine.judge().healed, JSON.stringify(machine.judge()));
      assert.deepEqual(readManifest(data), before);
    });

    test('a name of forty characters stands whole on the screen', async () => {
      assert.equal(longName.length, 40);
      const machine = await machines.take(undefined, longName);
      const recovered = await recover({ E: machine.drive });
      expectHealed(recovered);
      assert.ok(recovered.words.includes(`This device ${longName} `), recovered.words);
    });

    test('a clock at 2015: healed all the same', { skip: noFaketime }, async () => {
      const machine = await machines.take();
      // Only the clock is another one; files keep the times that they have.
      const enter = [
        'env',
        'NO_FAKE_STAT=1',
        faketime.file,
        '--exclude-monotonic',
        '-f',
        '@2015-06-01 00:00:00',
      ];
      const past = new WineMachine({ E: machine.drive, X: image }, {}, { enter });
      const recovered = await seen(past);
      expectHealed(recovered);
      assert.ok(
        recovered.log.every(one => one.at.startsWith('2015-06-01T00:0')),
        String(recovered.log[0]?.at),
      );
      assert.ok(machine.judge().healed, JSON.stringify(machine.judge()));
    });
  });

  /** What runs then runs from an image that is ours alone, so that it is always our turn. */
  function makeRescueImage(): void {
    const settings = {
      version: 1,
      purpose: 'rescue',
      organization: 'default',
      servers: ['https://127.0.0.1:1'],
      pins: ['0'.repeat(64)],
      trust: { payloadType: 'x', payload: '', signatures: [] },
      settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
    };
    fs.mkdirSync(path.dirname(settingsFile), { recursive: true });
    fs.writeFileSync(settingsFile, JSON.stringify(settings));
  }
}

function expectHealed({ code, headline, words, log, asked }: Recovered): void {
  const why = `${words}\n${JSON.stringify(log.slice(-4))}`;
  assert.equal(code, agentExit.reboot, why);
  assert.equal(headline, 'Done', why);
  assert.equal(asked, 'Reboot');
  for (const told of ['order-verified', 'change-applied', 'phase-reboot'])
    assert.ok(
      log.some(one => one.code === told),
      told,
    );
}

/** The menu comes at once, and screen and log say why. */
function expectMenu({ code, headline, words, log, asked }: Recovered, why: string, said: string): void {
  const shown = `${words}\n${JSON.stringify(log.slice(-4))}`;
  assert.equal(code, handedOver, shown);
  assert.equal(headline, 'Opening the recovery menu', shown);
  assert.ok(words.includes(said), shown);
  assert.ok(words.includes('You can choose what to do next.'), shown);
  assert.equal(asked, '', 'nothing is restarted');
  const told = log.find(one => one.code === why);
  assert.ok(told !== undefined && told.message !== '', shown);
  assert.ok(!log.some(one => one.code === 'waiting'), 'nobody waited for it');
}

/** The files of a volume without those that are the agent's own. */
function filesOf({ reach }: OwnVolume): ReadonlyMap<string, ManifestEntry> {
  return new Map([...readManifest(reach)].filter(([name]) => !name.startsWith('ProgramData\\Bootmend\\')));
}

const withoutBad = (files: ReadonlyMap<string, ManifestEntry>) =>
  new Map([...files].filter(([name]) => name !== badFile));
