import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { findJournal } from '../../../agent/core/journal.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { undoAndClose } from '../../../agent/core/undo-attempt.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { createWorld, listFiles, listQuarantine, type World } from '../support/world.ts';

const drivers = 'C:\\Windows\\System32\\drivers';
const path = `${drivers}\\ct.sys`;
const shown = String.raw`%SystemRoot%\System32\drivers\ct.sys`;
const text = (content: string) => new Uint8Array(Buffer.from(content));
const linkedAt = new Date('2024-01-01T00:00:00Z');
const built = (version: string, originalName = 'ct.sys') =>
  buildDriverFile({ version, linkedAt, originalName });

/** A machine that gets these scripts one after another, one in each of its recoveries. */
async function worldWith(
  scripts: readonly string[],
  files: Readonly<Record<string, Uint8Array>>,
): Promise<World> {
  const waiting = [...scripts];
  const world = await createWorld(machine, {
    decide: (told, server) =>
      told.kind === 'check-in'
        ? server.remediate(told.message, { script: `${waiting.shift()!}\nreboot\n` })
        : { kind: 'carry-on' },
  });
  for (const [file, bytes] of Object.entries(files))
    world.disk.place(parsePath(file).components, { bytes, writtenAtMs: 7000 });
  return world;
}

/** Windows fails once more, and the recovery environment starts. */
const recover = (world: World, failures = 0) =>
  runRecovery(
    world.start({
      startReason: {
        kind: 'failed-boot',
        failedStarts: 2 + failures,
        lastFailedAtMs: world.startReason.lastFailedAtMs! + failures * 3_600_000,
      },
    }),
  );

const read = (world: World, file = path) =>
  world.disk.find(parsePath(file)) && Buffer.from(world.disk.read(parsePath(file), 0, 1e6));

function undo(world: World, at: number): void {
  const host = world.start();
  const { attemptId } = world.server.outcomes[at]!;
  const [found, journal] = [findWindows(host), findJournal(host, 'C:\\', attemptId)];
  assert.ok(found.ok && journal);
  assert.deepEqual(undoAndClose(host, found.windows, journal).ok, true);
}

describe('restore from quarantine', () => {
  test('brings back what an earlier attempt moved away, and is undone to the byte', async () => {
    const world = await worldWith([`delete ${shown}`, `restore ${shown} from quarantine`], {
      [path]: text('the one'),
    });
    await recover(world);
    assert.equal(read(world), undefined);
    const between = listFiles(world.disk);
    await recover(world, 1);
    assert.equal(world.server.outcomes[1]?.state, 'applied', JSON.stringify(world.server.outcomes[1]));
    assert.equal(read(world)?.toString(), 'the one');
    undo(world, 1);
    assert.deepEqual(listFiles(world.disk), between);
    undo(world, 0);
    assert.equal(read(world)?.toString(), 'the one');
    assert.deepEqual(listQuarantine(world.disk), []);
  });

  test('takes the newest, and another one by its size', async () => {
    for (const [clause, content] of [
      ['', 'the newer one'],
      [', size below 10 bytes', 'the old'],
    ] as const) {
      const world = await worldWith(
        [`delete ${shown}`, `delete ${shown}`, `restore ${shown} from quarantine${clause}`],
        {
          [path]: text('the old'),
        },
      );
      await recover(world);
      world.disk.place(parsePath(path).components, { bytes: text('the newer one'), writtenAtMs: 9000 });
      await recover(world, 1);
      await recover(world, 2);
      assert.equal(read(world)?.toString(), content, JSON.stringify(world.server.outcomes));
    }
  });

  test('finds nothing where nothing was moved away, and nothing is known beside a damaged journal', async () => {
    const world = await worldWith([`restore ${shown} from quarantine`], {});
    await recover(world);
    assert.equal(world.server.outcomes[0]?.state, 'nothing-to-do');
    const keptOf = () => {
      const found = findWindows(world.start());
      assert.ok(found.ok);
      return found.windows.quarantined?.(path);
    };
    assert.deepEqual(keptOf(), []);
    const journal = 'C:\\ProgramData\\Bootmend\\journal\\0198f0a0-0000-7000-8000-000000000001.journal';
    const bytes = text(`\n${'0'.repeat(16)} {"kind":"applied"}\n`);
    world.disk.place(parsePath(journal).components, { bytes, writtenAtMs: 7000 });
    assert.equal(keptOf(), undefined);
  });
});

describe('restore from a named file of the same build', () => {
  const revision = 'C:\\Windows\\WinSxS\\amd64_ct_1\\ct.sys';
  const line = String.raw`restore ${shown} from %SystemRoot%\WinSxS\amd64_ct_1\ct.sys`;

  /** What the plan of this line comes to where the named file has these bytes. */
  async function codeWith(bytes: Uint8Array, script = line): Promise<string | undefined> {
    const world = await worldWith([script], { [revision]: bytes });
    await recover(world);
    const [outcome] = world.server.outcomes;
    if (outcome?.state === 'applied') assert.deepEqual(read(world), Buffer.from(bytes));
    return outcome?.code ?? outcome?.state;
  }

  test('takes a file of the build of this Windows, which is another one with features switched on', async () => {
    assert.equal(await codeWith(built('10.0.22621.3880')), 'applied');
    assert.equal(await codeWith(built('10.0.22621.3880', 'CT.SYS.MUI')), 'applied');
  });

  test('refuses another build, another file, half a file and a difference', async () => {
    assert.equal(await codeWith(built('10.0.19041.1')), 'source-does-not-fit');
    assert.equal(await codeWith(built('10.0.22621.3880', 'other.sys')), 'source-does-not-fit');
    assert.equal(await codeWith(built('10.0.22621.3880').subarray(0, 0x700)), 'source-does-not-fit');
    assert.equal(await codeWith(text('PA30 difference')), 'source-does-not-fit');
  });

  test('takes what a hash names, but no difference', async () => {
    const other = built('4.2.0.0', 'vendor.sys');
    const sha256 = async (bytes: Uint8Array) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
    assert.equal(await codeWith(other, `${line}, sha256 ${await sha256(other)}`), 'applied');
    const difference = text('PA30 difference');
    assert.equal(
      await codeWith(difference, `${line}, sha256 ${await sha256(difference)}`),
      'source-does-not-fit',
    );
  });

  test('takes a file of the version family of the one it replaces, and is undone to the byte', async () => {
    const backup = 'C:\\Program Files\\Contoso\\ct.bak';
    const world = await worldWith([String.raw`restore ${shown} from %ProgramFiles%\Contoso\ct.bak`], {
      [path]: built('4.2.0.7'),
      [backup]: built('4.2.0.6'),
    });
    const before = listFiles(world.disk);
    await recover(world);
    assert.deepEqual(read(world), read(world, backup), JSON.stringify(world.server.outcomes[0]));
    undo(world, 0);
    assert.deepEqual(listFiles(world.disk), before);
  });

  test('reads the Windows before the last upgrade, but neither its hives nor the files of people', () => {
    const codesOf = (source: string) =>
      checkScript(`restore ${shown} from ${source}\n`).diagnostics.map(one => one.code);
    const before = String.raw`%SystemDrive%\Windows.old\Windows\System32\drivers\ct.sys`;
    assert.deepEqual(
      codesOf(before),
      ['source-not-pinned'],
      'where it is missing, anybody may make that folder',
    );
    assert.deepEqual(codesOf(`${before}, sha256 ${'ab'.repeat(32)}`), []);
    for (const secret of [
      String.raw`%SystemDrive%\Windows.old\Windows\System32\config\SAM`,
      String.raw`%SystemDrive%\Windows.old\Users\Ada\ct.sys`,
      String.raw`%ProgramData%\Bootmend\quarantine\1`,
    ])
      assert.deepEqual(codesOf(secret), ['protected-place'], secret);
  });
});
