import type { CellSpace } from './cell-space.ts';
import type { Hive } from './hive.ts';
import type { HiveImage } from './hive-image.ts';
import type { HiveKey } from './key-node.ts';
import { findBigData, type HiveValue } from './key-value.ts';
import {
  bigData,
  bigDataSinceMinor,
  baseBlockBytes,
  inlineData,
  keyNode,
  keyValue as field,
  noCell,
  segmentBytes,
  signatures,
  valueFlags,
} from './layout.ts';

/** Thrown inside a plan when no cell can be had; the planner turns it into a problem. */
export class HiveFullError extends Error {}

/** Where data went, as the two fields of a value record say it. */
interface PlacedData {
  readonly size: number;
  readonly data: number;
}

/** Writes values into a hive image. `hive` is the image as it was before the edit; one editor serves one edit. */
export class ValueEditor {
  readonly #image: HiveImage;
  readonly #hive: Hive;
  readonly #space: CellSpace;

  constructor(image: HiveImage, hive: Hive, space: CellSpace) {
    this.#image = image;
    this.#hive = hive;
    this.#space = space;
  }

  overwrite(key: HiveKey, value: HiveValue, type: number, data: Uint8Array): void {
    const placed = this.#place(value, data);
    this.#image.setU32(value.offset + field.dataSize, placed.size);
    this.#image.setU32(value.offset + field.data, placed.data);
    this.#image.setU32(value.offset + field.type, type);
    this.#raise(key.offset + keyNode.largestValueData, data.length);
  }

  add(key: HiveKey, name: string, type: number, data: Uint8Array): void {
    const placed = this.#place(undefined, data);
    const compressed = Array.from(name, one => one.charCodeAt(0)).every(unit => unit < 256);
    const nameBytes = compressed ? name.length : name.length * 2;
    const record = new Uint8Array(field.name + nameBytes);
    const view = new DataView(record.buffer);
    view.setUint16(0, signatures.value, true);
    view.setUint16(field.nameBytes, nameBytes, true);
    view.setUint32(field.dataSize, placed.size, true);
    view.setUint32(field.data, placed.data, true);
    view.setUint32(field.type, type, true);
    view.setUint16(field.flags, compressed ? valueFlags.compressedName : 0, true);
    for (let at = 0; at < name.length; at++) {
      if (compressed) view.setUint8(field.name + at, name.charCodeAt(at));
      else view.setUint16(field.name + at * 2, name.charCodeAt(at), true);
    }
    this.#append(key, this.#store(record));
    this.#raise(key.offset + keyNode.largestValueName, name.length * 2);
    this.#raise(key.offset + keyNode.largestValueData, data.length);
  }

  remove(key: HiveKey, value: HiveValue): void {
    const list = key.valueList!;
    const entries = this.#entries(list, key.valueCount).filter(cell => cell !== value.cell);
    for (const cell of this.dataCellsOf(value)) this.#space.free(cell);
    this.#space.free(value.cell);
    this.#image.setU32(key.offset + keyNode.valueCount, entries.length);
    if (entries.length > 0) {
      entries.forEach((cell, at) => this.#image.setU32(baseBlockBytes + list + 4 + at * 4, cell));
      return;
    }
    this.#space.free(list);
    this.#image.setU32(key.offset + keyNode.valueList, noCell);
    this.#image.setU32(key.offset + keyNode.largestValueName, 0);
    this.#image.setU32(key.offset + keyNode.largestValueData, 0);
  }

  #append(key: HiveKey, cell: number): void {
    const count = key.valueCount;
    const list = key.valueList;
    const room = list === undefined ? 0 : (-(this.#image.u32(baseBlockBytes + list) | 0) - 4) >> 2;
    let at = list;
    if (list === undefined || count >= room) {
      at = this.#allocate((count + 1) * 4);
      const entries = list === undefined ? [] : this.#entries(list, count);
      entries.forEach((entry, index) => this.#image.setU32(baseBlockBytes + at! + 4 + index * 4, entry));
      if (list !== undefined) this.#space.free(list);
      this.#image.setU32(key.offset + keyNode.valueList, at);
    }
    this.#image.setU32(baseBlockBytes + at! + 4 + count * 4, cell);
    this.#image.setU32(key.offset + keyNode.valueCount, count + 1);
  }

  /** Puts data where its size wants it: into the record, over the old data when that has room, else into new cells. */
  #place(old: HiveValue | undefined, data: Uint8Array): PlacedData {
    const oldCells = old ? this.dataCellsOf(old) : [];
    if (data.length <= 4) {
      for (const cell of oldCells) this.#space.free(cell);
      const word = data.reduce((sum, byte, at) => sum + byte * 2 ** (at * 8), 0);
      return { size: inlineData + data.length, data: word };
    }
    const big = data.length > segmentBytes && this.#hive.baseBlock.minorVersion >= bigDataSinceMinor;
    const pieces = big ? piecesOf(data) : [data];
    const oldPieces = old ? this.#oldPieces(old, big) : [];
    const overwrites =
      oldPieces.length === pieces.length &&
      pieces.every((piece, at) => piece.length <= this.#roomOf(oldPieces[at]!));
    if (old && overwrites) {
      pieces.forEach((piece, at) => this.#image.write(baseBlockBytes + oldPieces[at]! + 4, piece));
      return { size: data.length, data: old.dataCell };
    }
    for (const cell of oldCells) this.#space.free(cell);
    if (!big) return { size: data.length, data: this.#store(data) };
    return { size: data.length, data: this.#storeBig(pieces) };
  }

  #storeBig(pieces: readonly Uint8Array[]): number {
    const list = new Uint8Array(pieces.length * 4);
    const listView = new DataView(list.buffer);
    // Windows gives the last segment a whole cell too, and hivex cannot read one that fits tightly.
    pieces.forEach((piece, at) => listView.setUint32(at * 4, this.#store(piece, segmentBytes), true));
    const record = new Uint8Array(bigData.sizeBytes);
    const view = new DataView(record.buffer);
    view.setUint16(0, signatures.bigData, true);
    view.setUint16(bigData.segmentCount, pieces.length, true);
    view.setUint32(bigData.segmentList, this.#store(list), true);
    return this.#store(record);
  }

  /** Cells that hold the old data, when it is kept in the same way as the new. */
  #oldPieces(old: HiveValue, big: boolean): readonly number[] {
    if (old.inline || old.sizeBytes === 0 || this.#isBig(old) !== big) return [];
    if (!big) return [old.dataCell];
    return findBigData(this.#hive.cells, old)?.segments.map(segment => segment.cell) ?? [];
  }

  /** Every cell that only the data of a value needs. */
  dataCellsOf(value: HiveValue): readonly number[] {
    if (value.inline || value.sizeBytes === 0) return [];
    if (!this.#isBig(value)) return [value.dataCell];
    const found = findBigData(this.#hive.cells, value);
    return found ? [found.record.cell, found.list.cell, ...found.segments.map(segment => segment.cell)] : [];
  }

  #isBig(value: HiveValue): boolean {
    return value.sizeBytes > segmentBytes && this.#hive.baseBlock.minorVersion >= bigDataSinceMinor;
  }

  #entries(list: number, count: number): readonly number[] {
    return Array.from({ length: count }, (_, at) => this.#image.u32(baseBlockBytes + list + 4 + at * 4));
  }

  #roomOf(cell: number): number {
    return -(this.#image.u32(baseBlockBytes + cell) | 0) - 4;
  }

  #store(bytes: Uint8Array, roomBytes = bytes.length): number {
    const cell = this.#allocate(roomBytes);
    this.#image.write(baseBlockBytes + cell + 4, bytes);
    return cell;
  }

  #allocate(dataBytes: number): number {
    const cell = this.#space.allocate(dataBytes);
    if (cell === undefined) throw new HiveFullError();
    return cell;
  }

  #raise(offset: number, least: number): void {
    if (this.#image.u32(offset) < least) this.#image.setU32(offset, least);
  }
}

function piecesOf(data: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += segmentBytes) pieces.push(data.subarray(at, at + segmentBytes));
  return pieces;
}
