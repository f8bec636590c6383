import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { HostTools, ToolRequest, ToolResult } from '../../../agent/host/host.ts';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { planSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { bootStore } from '../../../agent/lab/tools/boot-store.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { toolsOn } from '../support/power-cut.ts';
import { ordering } from '../support/trial-server.ts';
import { createWorld, type World } from '../support/world.ts';

type Answer = (request: ToolRequest, world: World, lab: HostTools) => Promise<ToolResult>;

/** Carries out one action; tools answer as they are told, and are the lab's own otherwise. */
async function carryOut(verb: Action['verb'], answer: Answer = (request, _, lab) => lab.run(request)) {
  const world = await createWorld(actionMachine(verb), { decide: ordering(actionScript(verb)) });
  const [asked, lab] = [[] as string[], toolsOn(world.disk)];
  const tools: HostTools = {
    ...lab,
    run: request => {
      // How BitLocker stands is asked before anything is done.
      if (request.tool !== 'manage-bde') asked.push([request.tool, ...request.arguments].join(' '));
      return answer(request, world, lab);
    },
  };
  await runRecovery(world.start({ tools }));
  const outcome = world.server.outcomes.at(-1);
  const change = outcome?.steps[0]?.changes[0];
  const provenBy = change?.kind === 'run-tool' ? change.provenBy : undefined;
  return { asked, outcome: [outcome?.state, outcome?.code], reason: outcome?.reason, provenBy };
}

const succeeded: ToolResult = { kind: 'ended', exitCode: 0, output: '', truncated: false };
const log = 'ProgramData\\Bootmend\\scratch\\sfc.log';
const writeLog = ({ disk }: World, ...texts: readonly string[]) =>
  memoryVolume(disk).write(
    log,
    new Uint8Array(Buffer.from(texts.map(text => `2024-07-19 04:30:00, Info CSI [SR] ${text}\r\n`).join(''))),
    new Date(0),
  );

describe('where it shows what a tool did, the outcome says so', () => {
  for (const [verb, provenBy] of [
    ['set boot option', 'boot-store'],
    ['repair boot files', 'boot-store'],
    ['repair system files', 'repair-log'],
    ['repair file system', 'tool-word'],
    ['revert pending updates', 'volume'],
    ['remove package', 'volume'],
  ] as const)
    test(`${verb}: ${provenBy}`, async () => {
      const ended = await carryOut(verb);
      assert.deepEqual([ended.outcome, ended.provenBy], [['applied', undefined], provenBy]);
    });
});

describe('SFC', () => {
  test('that says it succeeded while its log names a file it could not repair is not believed', async () => {
    const { outcome, reason } = await carryOut('repair system files', (_, world) => {
      writeLog(
        world,
        'Verify complete',
        'Repairing 2 components',
        'Cannot repair member file [l:12{6}]"ct-core.dll" of Contoso, hash mismatch',
        'Repair complete',
      );
      return Promise.resolve(succeeded);
    });
    assert.deepEqual(outcome, ['undone', 'system-file-not-repaired']);
    assert.match(reason ?? '', /ct-core\.dll/);
  });

  test('whose first round could not repair what the second one did has repaired it', async () => {
    const { outcome, provenBy } = await carryOut('repair system files', (_, world) => {
      const missing = 'Cannot repair member file [l:12{6}]"ct-core.dll" of Contoso, hash mismatch';
      writeLog(world, missing, 'Verify complete', 'Repairing 1 components', 'Repair complete');
      return Promise.resolve(succeeded);
    });
    assert.deepEqual([outcome, provenBy], [['applied', undefined], 'repair-log']);
  });

  test('of an old recovery image, which knows no log, is run without one and told as its word', async () => {
    const { asked, outcome, provenBy } = await carryOut('repair system files', (request, _, lab) =>
      request.arguments.some(one => one.startsWith('/offlogfile'))
        ? Promise.resolve({ ...succeeded, exitCode: 1 })
        : lab.run(request),
    );
    assert.equal(asked.length, 2);
    assert.deepEqual([outcome, provenBy], [['applied', undefined], 'tool-word']);
  });
});

describe('BCDBoot that says it succeeded', () => {
  test('and left no entry that starts this Windows is not believed', async () => {
    const { outcome } = await carryOut('repair boot files', async (request, { disk }, lab) => {
      const result = await lab.run(request);
      const other = buildHive({ root: planSystemHive({ computerName: 'X' }), fileName: 'BCD' });
      if (request.tool === 'bcdboot') memoryVolume(disk).write(bootStore, other, new Date(0));
      return result;
    });
    assert.deepEqual(outcome, ['undone', 'boot-entry-missing']);
  });

  test('and left a store that nobody can export is not believed', async () => {
    const { outcome } = await carryOut('repair boot files', (request, _, lab) =>
      request.tool === 'bcdedit' ? Promise.resolve({ ...succeeded, exitCode: 1 }) : lab.run(request),
    );
    assert.deepEqual(outcome, ['undone', 'boot-entry-unknown']);
  });

  test('and wrote no boot manager beside the store is not believed', async () => {
    const { outcome, reason } = await carryOut('repair boot files', (request, _, lab) =>
      request.tool === 'bcdboot' ? Promise.resolve(succeeded) : lab.run(request),
    );
    assert.deepEqual(outcome, ['undone', 'verify-failed']);
    assert.match(reason ?? '', /bootmgr/);
  });
});

test('CHKDSK that says it succeeded and left a registry nobody can read is not believed', async () => {
  const { outcome } = await carryOut('repair file system', (_, { disk }) => {
    memoryVolume(disk).write('Windows\\System32\\config\\SYSTEM', new Uint8Array(4096), new Date(0));
    return Promise.resolve(succeeded);
  });
  assert.deepEqual(outcome, ['undone', 'verify-failed']);
});

test('DISM that says it took back what waits and touched none of it is not believed, and all can be taken back', async () => {
  const { outcome } = await carryOut('revert pending updates', (request, _, lab) =>
    request.tool === 'dism' ? Promise.resolve(succeeded) : lab.run(request),
  );
  assert.deepEqual(outcome, ['undone', 'tool-changed-nothing']);
});

test('DISM that took it back for the next start alone is told as its word', async () => {
  const { outcome, provenBy } = await carryOut('revert pending updates', (request, { disk }, lab) => {
    if (request.tool !== 'dism') return lab.run(request);
    const pending = '<PendingTransaction/><!-- to be taken back -->';
    memoryVolume(disk).write('Windows\\WinSxS\\pending.xml', Buffer.from(pending), new Date(9000));
    return Promise.resolve(succeeded);
  });
  assert.deepEqual([outcome, provenBy], [['applied', undefined], 'tool-word']);
});
