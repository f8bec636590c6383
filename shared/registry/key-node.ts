import type { FileOffset } from '../bytes/byte-source.ts';
import { instantOfFileTime } from './file-time.ts';
import { type HiveCells, sharedAs } from './hive-cells.ts';
import { keyFlags, keyNode as field, noCell, signatures } from './layout.ts';
import { nameOf } from './record-name.ts';

/** A key as its node tells it. Offsets of lists are cell offsets; undefined where there is none. */
export interface HiveKey {
  readonly name: string;
  /** Cell offset of the node: the key's identity in this hive. */
  readonly cell: number;
  /** Where the node's data starts in the file. */
  readonly offset: FileOffset;
  /** Last change to the key's values or subkeys, UTC. */
  readonly writtenAt: string | null;
  readonly subkeyCount: number;
  readonly subkeyList: number | undefined;
  readonly valueCount: number;
  readonly valueList: number | undefined;
  readonly security: number | undefined;
  /** Cell of the class name, which says nothing about booting. */
  readonly classCell: number | undefined;
}

/** Reads the key node in a cell. */
export function readKeyNode(cells: HiveCells, cellOffset: number): HiveKey | undefined {
  const cell = cells.find(cellOffset, field.name, 'key-node');
  if (!cell) return undefined;
  const { reader } = cells;
  const u32 = (at: number): number => reader.u32(cell.offset + at) ?? 0;
  const u16 = (at: number): number => reader.u16(cell.offset + at) ?? 0;
  if (u16(0) !== signatures.key) {
    return cells.fail('signature-wrong', 'a key node should start with "nk"', cell.offset, 'key-node');
  }
  if (!cells.claim(cell, sharedAs.keyNode, 'key-node')) return undefined;
  const flags = u16(field.flags);
  const nameBytes = Math.min(u16(field.nameBytes), cell.sizeBytes - field.name);
  if (nameBytes < u16(field.nameBytes)) {
    const message = `the name has ${u16(field.nameBytes)} bytes; the cell holds ${nameBytes} of them`;
    cells.fail('name-cut-off', message, cell.offset, 'key-node');
  }
  const name = reader.bytes(cell.offset + field.name, nameBytes) ?? new Uint8Array(0);
  const list = (at: number): number | undefined => (u32(at) === noCell ? undefined : u32(at));
  const subkeyCount = u32(field.subkeyCount);
  // A predefined handle stands where the number of values would.
  const valueCount = flags & keyFlags.predefinedHandle ? 0 : u32(field.valueCount);
  return {
    name: nameOf(name, (flags & keyFlags.compressedName) !== 0),
    cell: cellOffset,
    offset: cell.offset,
    // Most keys are only passed by.
    get writtenAt() {
      return instantOfFileTime(reader.u64(cell.offset + field.lastWritten));
    },
    subkeyCount,
    subkeyList: subkeyCount === 0 ? undefined : list(field.subkeyList),
    valueCount,
    valueList: valueCount === 0 ? undefined : list(field.valueList),
    security: list(field.security),
    classCell: u16(field.classNameBytes) === 0 ? undefined : list(field.className),
  };
}
