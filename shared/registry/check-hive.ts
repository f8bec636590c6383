import type { Hive } from './hive.ts';
import { sharedAs } from './hive-cells.ts';
import type { HiveProblem } from './hive-problem.ts';
import type { HiveKey } from './key-node.ts';
import { baseBlockBytes, signatures } from './layout.ts';
import { foldName } from './record-name.ts';

/** What a whole reading of a hive found. */
export interface HiveCheck {
  readonly keys: number;
  readonly values: number;
  /** Allocated cells that no record leads to: harmless, but lost. */
  readonly lostCells: number;
  readonly freeBytes: number;
  readonly problems: readonly HiveProblem[];
}

/**
 * Reads everything in a hive and holds it against its bins: bins and cells without gaps, every record in an allocated
 * cell of its own, subkeys sorted as Windows needs them to find keys. Takes time in proportion to the file.
 */
export function checkHive(hive: Hive): HiveCheck {
  const { cells } = hive;
  const allocated = new Set<number>();
  let freeBytes = 0;
  for (const bin of cells.bins()) {
    for (const cell of cells.cellsOf(bin)) {
      if (cell.allocated) allocated.add(cell.cell);
      else freeBytes += cell.sizeBytes;
    }
  }
  let keys = 0;
  let values = 0;
  for (const { key } of hive.walk()) {
    keys++;
    checkOrder(hive, key);
    checkSecurity(hive, key);
    checkClass(hive, key);
    for (const value of hive.values(key)) {
      values++;
      hive.dataOf(value);
    }
  }
  let used = 0;
  for (const cell of cells.given) {
    if (allocated.has(cell)) used++;
    else {
      const message = `a record leads to ${cell}, where no cell starts`;
      cells.fail('cell-misaligned', message, baseBlockBytes + cell, 'cell');
    }
  }
  return { keys, values, lostCells: allocated.size - used, freeBytes, problems: hive.problems };
}

function checkOrder(hive: Hive, key: HiveKey): void {
  let before: string | undefined;
  for (const { name, offset } of hive.subkeys(key)) {
    const folded = foldName(name);
    if (before !== undefined && folded <= before) {
      const message = `the subkey ${name} stands behind a later name; Windows will not find it`;
      hive.cells.fail('list-not-sorted', message, offset, 'subkey-list');
    }
    before = folded;
  }
}

function checkClass({ cells }: Hive, key: HiveKey): void {
  if (key.classCell === undefined) return;
  const cell = cells.find(key.classCell, 1, 'key-node');
  if (cell) cells.claim(cell, key.cell, 'key-node');
}

function checkSecurity(hive: Hive, key: HiveKey): void {
  if (key.security === undefined) return;
  const cell = hive.cells.find(key.security, 20, 'security');
  if (!cell) return;
  if (hive.cells.reader.u16(cell.offset) !== signatures.security) {
    hive.cells.fail('signature-wrong', 'a security record should start with "sk"', cell.offset, 'security');
  } else hive.cells.claim(cell, sharedAs.security, 'security');
}
