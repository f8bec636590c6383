import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { applyPatches } from '../../../shared/registry/byte-patch.ts';
import type { Hive } from '../../../shared/registry/hive.ts';
import type { HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { type RecoveredHive, recoverHive } from '../../../shared/registry/recover-hive.ts';
import type { ToolBench } from './lab-tool.ts';

const file = 'Windows\\System32\\config\\SOFTWARE';

/** Changes the SOFTWARE hive as DISM would after loading it; false when it cannot be loaded. */
export function editSoftware(bench: ToolBench, editsOf: (hive: Hive) => readonly HiveEdit[]): boolean {
  const recovered = openSoftware(bench);
  if (!recovered) return false;
  const planned = planEdits(recovered, editsOf(recovered.hive));
  if (!planned.ok) return false;
  const applied = applyPatches(recovered.file, planned.plan.patches);
  if (!applied.ok) return false;
  bench.volume.write(file, applied.image.read(0, applied.image.sizeBytes).slice(), bench.now);
  return true;
}

export function openSoftware({ volume }: ToolBench): RecoveredHive | undefined {
  const [hive, log1, log2] = ['', '.LOG1', '.LOG2'].map(ending => volume.read(`${file}${ending}`));
  const recovered =
    hive &&
    recoverHive(memorySource(hive), {
      ...(log1 && { LOG1: memorySource(log1) }),
      ...(log2 && { LOG2: memorySource(log2) }),
    });
  return recovered?.ok ? recovered : undefined;
}
