import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildBootStore } from '../../../agent/lab/registry/windows-hives.ts';
import { bootStore } from '../../../agent/lab/tools/boot-store.ts';
import { editSoftware } from '../../../agent/lab/tools/edit-software.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { packagesPath } from '../../../shared/registry/packages.ts';
import { encodeDword, valueTypes } from '../../../shared/registry/value-type.ts';
import { fillTemplate, templates } from '../../../shared/remediation/templates/template-table.ts';
import { actionTrials, safeBootOf } from '../support/action-trials.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { toolsOn } from '../support/power-cut.ts';
import { createWorld } from '../support/world.ts';

interface Trial {
  readonly values?: Readonly<Record<string, string>>;
  readonly prepare?: (disk: MemoryDisk) => void;
  readonly isDone: (disk: MemoryDisk) => boolean;
}

const linkedAt = new Date('2024-06-01T00:00:00Z');
const good = new Uint8Array(buildDriverFile({ version: '4.2.7.0', linkedAt }));
const bad = new Uint8Array(buildDriverFile({ version: '4.2.3.0', linkedAt }));
const system32 = String.raw`Windows\System32`;
const place = (disk: MemoryDisk, name: string, bytes: Uint8Array) =>
  disk.place(parsePath(`C:\\${name}`).components, { bytes, writtenAtMs: 7000 });

const installPending = { type: valueTypes.dword, data: encodeDword(0x60) };

/** The update of the template waits for the next start. */
function waitForRestart(disk: MemoryDisk): void {
  const bench = { volume: memoryVolume(disk), root: 'C:\\', now: new Date('2024-07-19T04:00:00Z') };
  const update = templates.find(one => one.id === 'pending-update')!;
  const { example } = update.fields.find(({ name }) => name === 'package')!;
  const key = `${packagesPath}\\${example}`;
  assert.ok(editSoftware(bench, () => [{ kind: 'set-value', key, name: 'CurrentState', ...installPending }]));
}

const trials: Readonly<Record<string, Trial>> = {
  'file-twin': {
    prepare: disk => {
      place(disk, `${system32}\\drivers\\hidparse.sys`, good);
      place(disk, `${system32}\\hidparse.sys`, bad);
    },
    isDone: disk =>
      Buffer.compare(memoryVolume(disk).read(`${system32}\\hidparse.sys`) ?? new Uint8Array(), good) === 0,
  },
  update: { isDone: disk => actionTrials['remove package'].isDone(memoryVolume(disk)) },
  'pending-update': {
    prepare: disk => {
      waitForRestart(disk);
      actionTrials['revert pending updates'].prepare(memoryVolume(disk));
    },
    isDone: disk => actionTrials['revert pending updates'].isDone(memoryVolume(disk)),
  },
  'safe-mode-detour': { isDone: disk => safeBootOf(memoryVolume(disk)) === 'network' },
  'safe-mode-return': {
    values: { file: 'C-00000999*.sys' },
    prepare: disk => place(disk, bootStore, buildBootStore({ safeBoot: 1 })),
    isDone: disk => safeBootOf(memoryVolume(disk)) === null,
  },
};

describe('a filled template is carried out', () => {
  for (const [id, { values, prepare, isDone }] of Object.entries(trials))
    test(id, async () => {
      const template = templates.find(one => one.id === id)!;
      const examples = Object.fromEntries(template.fields.map(({ name, example }) => [name, example]));
      const script = fillTemplate(template, { ...examples, ...values });
      const world = await createWorld(machine, {
        decide: (told, server) =>
          told.kind === 'check-in'
            ? server.remediate(told.message, { script, approval: { risk: 'high' } })
            : { kind: 'carry-on' },
      });
      prepare?.(world.disk);
      const end = await runRecovery(world.start({ tools: toolsOn(world.disk) }));
      assert.equal(end.kind, 'reboot', JSON.stringify(end));
      assert.deepEqual(
        world.server.outcomes.map(({ state }) => state),
        ['applied'],
      );
      assert.equal(isDone(world.disk), true);
    });
});
