import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { findJournal } from '../../../agent/core/journal.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { undoAndClose } from '../../../agent/core/undo-attempt.ts';
import { listPowerCutStates, type DiskSnapshot } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { type FakeServer, type FakeServerOptions, serverAddress } from '../support/fake-server.ts';
import { createWorld, listFiles, listQuarantine, type World } from '../support/world.ts';

const system32 = 'C:\\Windows\\System32';
const [source, target] = [`${system32}\\drivers\\hidparse.sys`, `${system32}\\hidparse.sys`];
const store = `${system32}\\DriverStore\\FileRepository`;
const text = (content: string) => new Uint8Array(Buffer.from(content));
const copying = String.raw`copy %SystemRoot%\System32\drivers\hidparse.sys to %SystemRoot%\System32\hidparse.sys`;

const order =
  (script: string): NonNullable<FakeServerOptions['decide']> =>
  (told, server) =>
    told.kind === 'check-in' ? server.remediate(told.message, { script }) : { kind: 'carry-on' };

async function worldWith(script: string, files: Readonly<Record<string, string>>): Promise<World> {
  const world = await createWorld(machine, { decide: order(script) });
  for (const [path, content] of Object.entries(files))
    world.disk.place(parsePath(path).components, { bytes: text(content), writtenAtMs: 7000 });
  return world;
}

const read = (world: World, path: string) =>
  world.disk.find(parsePath(path)) && Buffer.from(world.disk.read(parsePath(path), 0, 1e6)).toString();

function undo(world: World): void {
  const host = world.start();
  const attemptId = world.server.outcomes[0]!.attemptId;
  const [found, journal] = [findWindows(host), findJournal(host, 'C:\\', attemptId)];
  assert.ok(found.ok && journal);
  assert.deepEqual(undoAndClose(host, found.windows, journal).ok, true);
}

test('a file is copied over its twin, and undone to the byte', async () => {
  const world = await worldWith(`${copying}, replacing what is there\nreboot\n`, {
    [source]: 'the new one',
    [target]: 'the old one, longer',
  });
  const before = listFiles(world.disk);
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  assert.deepEqual([read(world, source), read(world, target)], ['the new one', 'the new one']);
  assert.deepEqual(
    world.server.outcomes[0]?.steps[0]?.changes.map(change => [change.kind, change.path, change.what]),
    [['copy', target, `copy of ${source}`]],
  );
  undo(world);
  assert.deepEqual(listFiles(world.disk), before);
  assert.deepEqual(listQuarantine(world.disk), []);
});

test('a path that is free gets the copy, and is free again when undone', async () => {
  const world = await worldWith(`${copying}\nreboot\n`, { [source]: 'the one' });
  const before = listFiles(world.disk);
  await runRecovery(world.start());
  assert.equal(read(world, target), 'the one');
  undo(world);
  assert.deepEqual(listFiles(world.disk), before);
});

test('a path that is taken refuses the plan unless the line says so', async () => {
  const world = await worldWith(`${copying}\nreboot\n`, { [source]: 'the new one', [target]: 'the old one' });
  await runRecovery(world.start());
  assert.deepEqual(
    [world.server.outcomes[0]?.state, world.server.outcomes[0]?.code],
    ['refused', 'target-exists'],
  );
  assert.equal(read(world, target), 'the old one');
});

test('a copy that somebody changed since is not taken away', async () => {
  const world = await worldWith(`${copying}\nreboot\n`, { [source]: 'the one' });
  await runRecovery(world.start());
  world.disk.place(parsePath(target).components, { bytes: text('work of a person'), writtenAtMs: 9000 });
  const host = world.start();
  const [found, journal] = [
    findWindows(host),
    findJournal(host, 'C:\\', world.server.outcomes[0]!.attemptId),
  ];
  assert.ok(found.ok && journal);
  const undone = undoAndClose(host, found.windows, journal);
  assert.equal(!undone.ok && undone.code, 'copy-used-since');
  assert.equal(read(world, target), 'work of a person');
});

for (const [what, change] of [
  ['is gone', 'gone'],
  ['holds other bytes', 'another one'],
] as const)
  test(`a copy stays when the file it was made of ${what}: it may be the only one left`, async () => {
    const world = await worldWith(`${copying}\nreboot\n`, { [source]: 'the one' });
    await runRecovery(world.start());
    const host = world.start();
    host.files.remove(source);
    if (change !== 'gone') host.files.create(source, text(change));
    const attemptId = world.server.outcomes[0]!.attemptId;
    const [found, journal] = [findWindows(host), findJournal(host, 'C:\\', attemptId)];
    assert.ok(found.ok && journal);
    const undone = undoAndClose(host, found.windows, journal);
    assert.equal(!undone.ok && undone.code, 'not-the-same-file');
    assert.equal(read(world, target), 'the one');
  });

test('what holds secrets or belongs to people is not copied either', async () => {
  for (const place of [
    String.raw`%SystemRoot%\System32\config\SAM`,
    String.raw`%SystemDrive%\Users\Ada\Documents\thesis.docx`,
    String.raw`%SystemDrive%\pagefile.sys`,
    String.raw`%ProgramData%\Bootmend\device.json`,
    String.raw`%SystemRoot%\NTDS\ntds.dit`,
    String.raw`%SystemRoot%\System32\Microsoft\Protect\S-1-5-18\User\Preferred`,
    String.raw`%ProgramData%\Microsoft\Crypto\RSA\MachineKeys\1`,
  ]) {
    const { script, diagnostics } = checkScript(String.raw`copy ${place} to %SystemRoot%\Temp\x` + '\n');
    assert.equal(script, undefined, place);
    assert.deepEqual(
      diagnostics.map(one => one.code),
      ['protected-place'],
      place,
    );
  }
});

describe('restore from the driver store', () => {
  const script = String.raw`restore %SystemRoot%\System32\drivers\ct.sys from driver store` + '\nreboot\n';

  test('brings back the one file of this name', async () => {
    const world = await worldWith(script, { [`${store}\\ct.inf_amd64_1\\ct.sys`]: 'whole' });
    await runRecovery(world.start());
    assert.equal(read(world, `${system32}\\drivers\\ct.sys`), 'whole');
  });

  test('takes two packages with the same file for one, and refuses two that differ', async () => {
    const same = {
      [`${store}\\ct.inf_amd64_1\\ct.sys`]: 'whole',
      [`${store}\\ct.inf_amd64_2\\ct.sys`]: 'whole',
    };
    const world = await worldWith(script, same);
    await runRecovery(world.start());
    assert.equal(read(world, `${system32}\\drivers\\ct.sys`), 'whole');
    const other = await worldWith(script, { ...same, [`${store}\\ct.inf_amd64_2\\ct.sys`]: 'other' });
    await runRecovery(other.start());
    assert.equal(other.server.outcomes[0]?.code, 'several-sources');
  });

  test('finds nothing to do without a package that has it', async () => {
    const world = await worldWith(script, { [`${store}\\other.inf_amd64_1\\other.sys`]: 'x' });
    await runRecovery(world.start());
    assert.equal(world.server.outcomes[0]?.state, 'nothing-to-do');
  });
});

test('a power cut at any host call of a copy: before or after, and nothing is lost', async t => {
  const script = `${copying}, replacing what is there\nreboot\n`;
  const world = await worldWith(script, { [source]: 'the new one', [target]: 'the old one, longer' });
  const textOf = (files: ReadonlyMap<string, string>) =>
    [...files]
      .filter(([name]) => name !== target)
      .map(([name, file]) => `${name} ${file}`)
      .join('\n');
  const before = listFiles(world.disk);
  const points: { readonly call: string; readonly disk: DiskSnapshot; readonly server: FakeServer }[] = [];
  await runRecovery(
    world.start({
      beforeCall: ({ name, subject }) =>
        points.push({ call: `${name} ${subject}`, disk: world.disk.snapshot(), server: world.server.fork() }),
    }),
  );
  let restarts = 0;
  for (const { call, disk: snapshot, server } of points.filter(
    (one, at) => points[at - 1]?.disk !== one.disk,
  ))
    for (const disk of listPowerCutStates(snapshot)) {
      const now = () => Buffer.from(disk.read(parsePath(target), 0, 1e6)).toString();
      assert.ok(['the old one, longer', 'the new one'].includes(now()), `${call}: ${now()}`);
      if (restarts++ % 12 !== 0) continue;
      const host = createMemoryHost({
        disks: { C: disk },
        startReason: world.startReason,
        bootEntryVolume: 'C:\\',
        servers: { [serverAddress]: server.fork().memoryServer },
        seed: 50 + restarts,
      });
      const end = await runRecovery(host);
      assert.equal(end.kind, 'reboot', `${call}: ${JSON.stringify(end)}`);
      assert.equal(now(), 'the new one', call);
      assert.equal(textOf(listFiles(disk)), textOf(before), call);
    }
  t.diagnostic(`${restarts} states of the disk`);
});
