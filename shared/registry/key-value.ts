import type { FileOffset } from '../bytes/byte-source.ts';
import type { Cell, HiveCells } from './hive-cells.ts';
import type { HiveKey } from './key-node.ts';
import {
  bigData,
  bigDataSinceMinor,
  inlineData,
  keyValue as field,
  segmentBytes,
  signatures,
  valueFlags,
} from './layout.ts';
import { nameOf } from './record-name.ts';

/** A value of a key, without its data. The default value has the empty name. */
export interface HiveValue {
  readonly name: string;
  /** Cell offset of the value's record. */
  readonly cell: number;
  readonly offset: FileOffset;
  /** Number of the type; the known ones are in `value-type.ts`. */
  readonly type: number;
  readonly sizeBytes: number;
  /** Whether the data stands in the record itself. */
  readonly inline: boolean;
  /** Cell offset of the data, or of the big data record; meaningless when `inline` or empty. */
  readonly dataCell: number;
}

/** Cell offsets of a key's values in the order of its list, each once. */
export function listValueCells(cells: HiveCells, key: HiveKey): readonly number[] {
  if (key.valueList === undefined) {
    const message = `${key.valueCount} values are told, but there is no list of them`;
    if (key.valueCount > 0) cells.fail('list-too-long', message, key.offset, 'value-list');
    return [];
  }
  const list = cells.find(key.valueList, 4, 'value-list');
  if (!list || !cells.claim(list, key.cell, 'value-list')) return [];
  const room = Math.floor(list.sizeBytes / 4);
  if (key.valueCount > room) {
    const message = `of ${key.valueCount} values told, ${room} fit into the list`;
    cells.fail('list-too-long', message, list.offset, 'value-list');
  }
  const found = new Set<number>();
  for (let at = 0; at < Math.min(key.valueCount, room); at++) {
    found.add(cells.reader.u32(list.offset + at * 4) ?? 0);
  }
  return [...found];
}

/** Reads the value record in a cell of a key; a tombstone, which says that a value is gone, is none. */
export function readKeyValue(cells: HiveCells, cellOffset: number, key: HiveKey): HiveValue | undefined {
  const cell = cells.find(cellOffset, field.name, 'key-value');
  if (!cell || !cells.claim(cell, key.cell, 'key-value')) return undefined;
  const { reader } = cells;
  const u32 = (at: number): number => reader.u32(cell.offset + at) ?? 0;
  const u16 = (at: number): number => reader.u16(cell.offset + at) ?? 0;
  if (u16(0) !== signatures.value) {
    return cells.fail('signature-wrong', 'a value should start with "vk"', cell.offset, 'key-value');
  }
  const flags = u16(field.flags);
  if (flags & valueFlags.tombstone) return undefined;
  const nameBytes = Math.min(u16(field.nameBytes), cell.sizeBytes - field.name);
  if (nameBytes < u16(field.nameBytes)) {
    const message = `the name has ${u16(field.nameBytes)} bytes; the cell holds ${nameBytes} of them`;
    cells.fail('name-cut-off', message, cell.offset, 'key-value');
  }
  const name = reader.bytes(cell.offset + field.name, nameBytes) ?? new Uint8Array(0);
  const size = u32(field.dataSize);
  const inline = size >= inlineData;
  return {
    name: nameOf(name, (flags & valueFlags.compressedName) !== 0),
    cell: cellOffset,
    offset: cell.offset,
    type: u32(field.type),
    sizeBytes: inline ? size - inlineData : size,
    inline,
    dataCell: u32(field.data),
  };
}

/** Where a value's data lies in the file, in order; for big data one piece per segment. */
export function findDataPieces(
  cells: HiveCells,
  value: HiveValue,
  minorVersion: number,
): readonly { readonly offset: FileOffset; readonly sizeBytes: number }[] {
  const { sizeBytes } = value;
  if (sizeBytes === 0) return [];
  if (value.inline) {
    if (sizeBytes <= 4) return [{ offset: value.offset + field.data, sizeBytes }];
    const message = `${sizeBytes} bytes are told to stand in the record; 4 fit`;
    cells.fail('data-cut-off', message, value.offset, 'key-value');
    return [{ offset: value.offset + field.data, sizeBytes: 4 }];
  }
  if (sizeBytes > segmentBytes && minorVersion >= bigDataSinceMinor) return findSegments(cells, value);
  const cell = cells.find(value.dataCell, 1, 'value-data');
  if (!cell || !cells.claim(cell, value.cell, 'value-data')) return [];
  if (cell.sizeBytes < sizeBytes) {
    const message = `the value has ${sizeBytes} bytes; its data cell holds ${cell.sizeBytes}`;
    cells.fail('data-cut-off', message, cell.offset, 'value-data');
  }
  return [{ offset: cell.offset, sizeBytes: Math.min(sizeBytes, cell.sizeBytes) }];
}

/** The cells of a big data record: the record, the list of segments and the segments. */
export interface BigData {
  readonly record: Cell;
  readonly list: Cell;
  readonly segments: readonly Cell[];
}

/** Finds the cells of a value that is kept as big data. */
export function findBigData(cells: HiveCells, value: HiveValue): BigData | undefined {
  const record = cells.find(value.dataCell, bigData.sizeBytes, 'big-data');
  if (!record || !cells.claim(record, value.cell, 'big-data')) return undefined;
  const { reader } = cells;
  if (reader.u16(record.offset) !== signatures.bigData) {
    return cells.fail('signature-wrong', 'big data should start with "db"', record.offset, 'big-data');
  }
  const wanted = Math.ceil(value.sizeBytes / segmentBytes);
  const count = Math.min(reader.u16(record.offset + bigData.segmentCount) ?? 0, wanted);
  const list = cells.find(reader.u32(record.offset + bigData.segmentList) ?? 0, count * 4, 'big-data');
  if (!list || !cells.claim(list, value.cell, 'big-data')) return undefined;
  const segments: Cell[] = [];
  const seen = new Set<number>();
  for (let at = 0; at < count; at++) {
    const cell = reader.u32(list.offset + at * 4) ?? 0;
    const needed = Math.min(segmentBytes, value.sizeBytes - at * segmentBytes);
    const segment = seen.has(cell) ? undefined : cells.find(cell, needed, 'big-data');
    if (seen.has(cell)) cells.fail('cell-shared', 'big data names a segment twice', list.offset, 'big-data');
    if (!segment || !cells.claim(segment, value.cell, 'big-data')) break;
    seen.add(cell);
    segments.push(segment);
  }
  if (segments.length < wanted) {
    const message = `the value has ${value.sizeBytes} bytes; only ${segments.length} of ${wanted} segments are there`;
    cells.fail('data-cut-off', message, record.offset, 'big-data');
  }
  return { record, list, segments };
}

function findSegments(cells: HiveCells, value: HiveValue): { offset: FileOffset; sizeBytes: number }[] {
  return (findBigData(cells, value)?.segments ?? []).map((segment, at) => ({
    offset: segment.offset,
    sizeBytes: Math.min(segmentBytes, value.sizeBytes - at * segmentBytes),
  }));
}
