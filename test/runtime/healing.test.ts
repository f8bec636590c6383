import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { after, describe, test } from 'node:test';
import { runEnrol } from '../../agent/core/run-enrol.ts';
import { createLabHost } from '../../agent/lab/lab-host.ts';
import { LabTree } from '../../agent/lab/lab-tree.ts';
import { type Fieldtest, fieldSteps } from '../../agent/provision/fieldtest/run-fieldtest.ts';
import { tryBoot } from '../../agent/lab/try-boot.ts';
import { agentExit } from '../../server/cli/demo/run-agent.ts';
import type { AllowedProgram } from '../../shared/remediation/program-policy.ts';
import { parseProvisioningBundle } from '../../shared/winre/agent-settings.ts';
import { trialMachine, trialScript } from '../agent/support/action-machine.ts';
import type { ActionTrial } from '../agent/support/action-trials.ts';
import { FakeServer, organization } from '../agent/support/fake-server.ts';
import { listenTls } from '../agent/support/tls-world.ts';
import { ordering } from '../agent/support/trial-server.ts';
import { top } from '../support/imports.ts';
import { startTestServer } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type BrokenMachine, BrokenMachines } from './support/broken-machines.ts';
import { builtAgent, compileOnce, drivenAgent } from './support/built-agent.ts';
import { type ConsolePicture, drawScreen, linesOf } from './support/draw-screen.ts';
import { readLog, watchRecovery } from './support/watched-recovery.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

const drawn = path.join(top, 'docs/agent-screen.svg');
const exampleCode = 'K7Q2-9MPD';
const handedOver = 20;
const machines = noWine === false ? await BrokenMachines.build(await startTestServer()) : undefined;

describe('the executable', { skip: noWine }, () => {
  test('heals the machine of 19 July 2024 against the real server over TLS, and shows and logs how', async () => {
    const machine = await machines!.take();
    const { windows, code, pictures } = await recover(machine);
    assert.equal(code, agentExit.reboot);
    assert.equal(fs.readFileSync(windows.onC('wpeutil.txt'), 'utf8').trim(), 'Reboot');
    const judged = machine.judge();
    assert.ok(judged.healed, JSON.stringify(judged));

    const codes = loggedCodes(machine);
    for (const told of [
      'phase-failed-boot',
      'facts-collected',
      'order-verified',
      'phase-apply',
      'phase-reboot',
    ])
      assert.ok(codes.includes(told), `${told} is in the log`);
    const [checkInBytes = 0] = [
      ...logOf(machine).matchAll(/"path":"\/v1\/check-in".*"sentBytes":(\d+)/g),
    ].map(match => Number(match[1]));
    assert.ok(checkInBytes > 2048 && checkInBytes <= 4096, `a first check-in of ${checkInBytes} bytes`);

    const headlines = pictures.map(one => linesOf(one)[4]?.trim());
    assert.equal(headlines.at(-1), 'Done');
    const repairing = pictures.find(one =>
      linesOf(one)[6]?.includes('Telling the recovery service how it went.'),
    );
    assert.ok(repairing, headlines.join(', '));
    const shown = withExampleCode(repairing);
    const picture = drawScreen(
      shown,
      linesOf(shown)
        .join(' ')
        .replaceAll(/[\s█░]+/g, ' ')
        .trim(),
    );
    if (process.env.BOOTMEND_UPDATE_GOLDENS === '1') fs.writeFileSync(drawn, picture);
    assert.equal(picture, fs.readFileSync(drawn, 'utf8'), 'BOOTMEND_UPDATE_GOLDENS=1 draws it anew');
  });

  test('opens the menu at one key press while it waits for its server', async () => {
    const machine = await machines!.take('https://127.0.0.1:1');
    const { code, pictures } = await recover(machine, '--press-key');
    assert.equal(code, handedOver);
    assert.equal(linesOf(pictures.at(-1)!)[4]?.trim(), 'Opening the recovery menu');
    const codes = loggedCodes(machine);
    assert.equal(codes.filter(one => one === 'waiting').length, 1, 'the first wait ended there');
    assert.ok(codes.includes('key-pressed'));
    assert.ok(machine.isUntouched());
  });

  test('opens the menu at one key press while its server keeps silent', async () => {
    const silent = net.createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    after(() => silent.close());
    const { port } = silent.address() as net.AddressInfo;
    const machine = await machines!.take(`https://127.0.0.1:${port}`);
    const { code, pictures } = await recover(machine, '--press-while-asking');
    assert.equal(code, handedOver);
    assert.equal(linesOf(pictures.at(-1)!)[4]?.trim(), 'Opening the recovery menu');
    const codes = loggedCodes(machine);
    assert.deepEqual([codes.includes('waiting'), codes.includes('key-pressed')], [false, true]);
    assert.ok(machine.isUntouched());
  });

  test('starts where an image lacks a library, and costs no more than what needs it', async () => {
    const machine = await machines!.take();
    const windows = new WineMachine({ E: machine.drive });
    windows.attach('X', windows.onC());
    windows.keepRunning();
    const exe = windows.install(await drivenAgent());
    const without = async (library: string) => {
      const file = windows.onC('windows/system32', library);
      const details: string[] = [];
      const phases: string[] = [];
      fs.renameSync(file, `${file}.gone`);
      const code = await windows.run(
        [exe, '--from-x', 'agent', 'recover'],
        ({ event, detail, code: word }) => {
          if (event === 'screen') details.push(String(detail));
          if (event === 'log') phases.push(String(word));
        },
      );
      fs.renameSync(`${file}.gone`, file);
      return { code, said: details.at(-1), phases };
    };
    for (const library of ['bcrypt.dll', 'winhttp.dll', 'iphlpapi.dll']) {
      const { code, said } = await without(library);
      assert.equal(code, handedOver, library);
      assert.equal(
        said,
        `${library.toUpperCase()} is missing from this image or cannot be loaded. You can choose what to do next.`,
      );
    }
    // It knows where it is and finds the failing Windows all the same; BCrypt of Wine cannot be loaded without this one.
    const { code, said, phases } = await without('advapi32.dll');
    assert.equal(code, handedOver);
    assert.match(said ?? '', /^BCRYPT\.DLL is missing from this image or cannot be loaded\./);
    assert.ok(phases.includes('phase-orient'), phases.join());
    assert.ok(machine.isUntouched());
  });

  test('tries in a field test what only Windows can show, and leaves the volume as it was', async () => {
    const machine = await machines!.take();
    const windows = new WineMachine({ E: machine.drive });
    const exe = windows.install(await builtAgent());
    const child = windows.spawn([exe, 'fieldtest', '--json']);
    const chunks: Buffer[] = [];
    child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise(resolve => child.once('close', resolve));
    const text = Buffer.concat(chunks).toString();
    const { results } = JSON.parse(text) as Fieldtest;
    assert.deepEqual(
      results.map(one => one.step),
      fieldSteps.map(one => one.step),
    );
    const found = new Map(results.map(one => [one.step, one]));
    for (const step of ['runs-here', 'windows-found', 'quarantine', 'hives', 'network'])
      assert.equal(found.get(step)?.result, 'holds', JSON.stringify(found.get(step)));
    assert.ok(Number(found.get('hives')!.details['peakBytes']) < 16_000_000);
    assert.match(found.get('dumps')!.summary, /page file: 0x50/);
    assert.ok(machine.isUntouched());
    assert.ok(!fs.existsSync(path.join(machine.drive, 'ProgramData/Bootmend/fieldtest')));
  });

  test('runs a program of a script where the machine allows it, and nowhere else', async () => {
    const bytes = fs.readFileSync(compileOnce('mend'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const program = { path: String.raw`%ProgramFiles%\Contoso\mend.exe`, sha256 };
    const trial = trialOf(program, bytes);
    const machine = trialMachine('a-program-that-mends', [trial]);
    const windows = new WineMachine({});
    windows.keepRunning();
    fs.copyFileSync(compileOnce('bcdedit'), windows.onC('windows/system32/bcdedit.exe'));
    const exe = windows.install(await builtAgent());
    const recover = async (programs: readonly AllowedProgram[]) => {
      const server = new FakeServer({ decide: ordering(trialScript([trial])) });
      const directory = temporaryFolder();
      await machine.build(directory, { whileHealthy: () => enrolAt(server, directory, programs) });
      const drive = path.join(directory, 'C');
      windows.attach('E', drive);
      const code = await windows.run([exe, 'recover']);
      return { code, directory, drive, outcome: server.outcomes[0] };
    };
    const notes = windows.onC('mend.txt');

    const closed = await recover([]);
    assert.equal(closed.code, handedOver);
    assert.deepEqual([closed.outcome?.state, closed.outcome?.code], ['refused', 'program-not-allowed']);
    assert.ok(!fs.existsSync(notes), 'it did not start');
    assert.equal(trial.isDone(new LabTree(closed.drive)), false);

    const open = await recover([program]);
    assert.equal(open.code, agentExit.reboot, JSON.stringify(open.outcome));
    assert.equal(open.outcome?.state, 'applied');
    const noted = [
      'E:\\ProgramData\\Bootmend\\program\\mend.exe',
      '1 file in its folder',
      '/remove',
      'E:\\Program Files\\Contoso\\rules 9.dat',
      '100 % & more',
    ];
    assert.deepEqual(fs.readFileSync(notes, 'utf8').trim().split(/\r?\n/), noted);
    assert.deepEqual(fs.readdirSync(path.join(open.drive, 'ProgramData/Bootmend/program')), []);
    assert.equal(tryBoot(open.directory, machine.fault).kind, 'booted');
  });
});

/** One start of the recovery environment before a machine. */
async function recover(machine: BrokenMachine, ...flags: readonly string[]) {
  const windows = new WineMachine({ E: machine.drive });
  return { windows, ...(await watchRecovery(windows, ...flags)) };
}

const logOf = ({ drive }: BrokenMachine) =>
  fs.readFileSync(path.join(drive, 'ProgramData/Bootmend/recovery.log'), 'utf8');

const loggedCodes = ({ drive }: BrokenMachine) =>
  readLog(path.join(drive, 'ProgramData/Bootmend/recovery.log')).map(one => one.code);

/** The code of the incident is another one every time. */
function withExampleCode(picture: ConsolePicture): ConsolePicture {
  const text = picture.text.replace(/(Incident +)[A-Z0-9]{4}-[A-Z0-9]{4}/, `$1${exampleCode}`);
  assert.ok(text.includes(exampleCode));
  return { ...picture, text };
}

/** A machine that starts again once the program has taken its own rules away. */
function trialOf({ path: program, sha256 }: AllowedProgram, bytes: Uint8Array): ActionTrial {
  const rules = 'Program Files\\Contoso\\rules 9.dat';
  const shown = String.raw`%ProgramFiles%\Contoso\rules 9.dat`;
  const happenedAt = new Date('2024-07-19T04:02:00.000Z');
  return {
    risk: 'high',
    step: [
      `run ${program} with "/remove" "${shown}" "100 % & more", sha256 ${sha256}, at most 5 minutes, accepting no undo`,
      `verify no file "${shown}"`,
    ].join('\n\n'),
    prepare(volume) {
      volume.write(rules, Buffer.from('rules that only their vendor can take away'), happenedAt);
      volume.write('Program Files\\Contoso\\mend.exe', bytes, happenedAt);
      volume.write('Program Files\\Contoso\\winmm.dll', Buffer.from('MZ laid beside it'), happenedAt);
    },
    isDone: volume => volume.read(rules) === undefined,
  };
}

/** Lets a lab machine enrol at a server over TLS; these programs may run on it. */
async function enrolAt(
  server: FakeServer,
  directory: string,
  programs: readonly AllowedProgram[],
): Promise<void> {
  const { address, pin } = await listenTls({ server });
  const bundle = parseProvisioningBundle({
    organization,
    servers: [address],
    pins: [pin],
    trust: server.trust({ serverPins: [pin] }),
    token: 'bm-enrol-0123456789abcdef',
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
    programs,
  });
  assert.ok(bundle.ok);
  const silent = { screen: { show: () => undefined }, log: { write: () => undefined } };
  const host = createLabHost(directory, silent);
  assert.equal((await runEnrol(host, bundle.value)).kind, 'enrolled');
  host.close();
}
