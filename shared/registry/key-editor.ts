import type { CellSpace } from './cell-space.ts';
import type { Hive } from './hive.ts';
import type { EditEffect, EditProblem } from './hive-edit.ts';
import type { HiveImage } from './hive-image.ts';
import type { HiveKey } from './key-node.ts';
import { listValueCells } from './key-value.ts';
import {
  baseBlockBytes,
  keyFlags,
  keyNode as field,
  noCell,
  securityRecord,
  signatures,
  subkeyListHeaderBytes,
} from './layout.ts';
import { foldName } from './record-name.ts';
import { listSubkeyListCells } from './subkey-list.ts';
import { HiveFullError, ValueEditor } from './value-editor.ts';

const mostNameUnits = 255;
/** A leaf of more keys does not fit into a page; Windows splits it then. */
const mostLeafKeys = 500;
/** Keys that are more than a place for values, or that Windows keeps from being removed. */
const unremovable =
  keyFlags.hiveExit |
  keyFlags.hiveEntry |
  keyFlags.noDelete |
  keyFlags.symbolicLink |
  keyFlags.predefinedHandle;

/** A key as a list of subkeys names it. */
type ListedKey = Pick<HiveKey, 'cell' | 'name'>;

/** Makes and removes keys in a hive image. `hive` is the image as it was before the edit; one editor serves one edit. */
export class KeyEditor {
  readonly #image: HiveImage;
  readonly #hive: Hive;
  readonly #space: CellSpace;

  constructor(image: HiveImage, hive: Hive, space: CellSpace) {
    this.#image = image;
    this.#hive = hive;
    this.#space = space;
  }

  /** Makes an empty key below one that exists, with the access list of that one, as a key has that nobody gives another. */
  create(path: string, writtenAt: bigint | undefined): EditEffect | EditProblem {
    const { parent, name } = this.#split(path);
    if (!parent) return { code: 'key-absent', message: `there is no key to make ${path} in` };
    if (this.#hive.findSubkey(parent, name)) return this.#whole(path) ?? 'unchanged';
    if (name === '' || name.length > mostNameUnits)
      return { code: 'name-too-long', message: `the name of a key has 1 to ${mostNameUnits} characters` };
    if ((this.#flagsOf(parent) & (keyFlags.symbolicLink | keyFlags.predefinedHandle)) !== 0)
      return {
        code: 'key-not-editable',
        message: `nothing is made below ${path}: what is above it is a link`,
      };
    const others = this.#hive.subkeys(parent);
    const damage = this.#whole(path);
    if (damage) return damage;
    const cell = this.#writeNode(parent, name, writtenAt);
    const behind = others.findIndex(one => foldName(one.name) > foldName(name));
    const names: ListedKey[] = [...others];
    names.splice(behind < 0 ? others.length : behind, 0, { cell, name });
    this.#writeList(parent, names);
    const problem = this.#changeReferences(parent, 1);
    if (problem) return problem;
    const largest = parent.offset + field.largestSubkeyName;
    if (this.#image.u16(largest) < name.length * 2) this.#image.setU16(largest, name.length * 2);
    this.#touch(parent, writtenAt);
    return 'added';
  }

  /** Removes a key with everything in and below it. */
  remove(path: string, writtenAt: bigint | undefined): EditEffect | EditProblem {
    const { parent, name } = this.#split(path);
    const key = parent && this.#hive.findSubkey(parent, name);
    if (!parent || !key) return this.#whole(path) ?? 'unchanged';
    const removed = [...this.#hive.walk(key)].map(one => one.key);
    const closed = removed.find(one => (this.#flagsOf(one) & unremovable) !== 0);
    if (closed)
      return {
        code: 'key-not-editable',
        message: `the key ${closed.name} at or below ${path} is not one that is removed`,
      };
    const others = this.#hive.subkeys(parent).filter(one => one.cell !== key.cell);
    const cells = removed.flatMap(one => this.#cellsOf(one));
    const damage = this.#whole(path);
    if (damage) return damage;
    this.#writeList(parent, others);
    for (const one of removed) {
      const problem = this.#changeReferences(one, -1);
      if (problem) return problem;
    }
    for (const cell of cells) this.#space.free(cell);
    this.#touch(parent, writtenAt);
    return 'removed';
  }

  #split(path: string): { readonly parent: HiveKey | undefined; readonly name: string } {
    const end = path.lastIndexOf('\\');
    const name = path.slice(end + 1);
    return { parent: name === '' ? undefined : this.#hive.findKey(path.slice(0, Math.max(end, 0))), name };
  }

  /** What was found wrong with what the edit had to read. */
  #whole(path: string): EditProblem | undefined {
    const [problem] = this.#hive.problems;
    return (
      problem && { code: 'hive-damaged', message: `the key ${path} cannot be edited: ${problem.message}` }
    );
  }

  #flagsOf(key: HiveKey): number {
    return this.#image.u16(key.offset + field.flags);
  }

  /** Every cell that only this key needs; those of its subkeys and its access list are not among them. */
  #cellsOf(key: HiveKey): readonly number[] {
    const values = new ValueEditor(this.#image, this.#hive, this.#space);
    return [
      key.cell,
      ...listSubkeyListCells(this.#hive.cells, key),
      ...(key.valueList === undefined ? [] : [key.valueList]),
      ...listValueCells(this.#hive.cells, key),
      ...this.#hive.values(key).flatMap(value => values.dataCellsOf(value)),
      ...(key.classCell === undefined ? [] : [key.classCell]),
    ];
  }

  #writeNode(parent: HiveKey, name: string, writtenAt: bigint | undefined): number {
    const isNarrow = Array.from(name, one => one.charCodeAt(0)).every(unit => unit < 256);
    const nameBytes = isNarrow ? name.length : name.length * 2;
    const record = new Uint8Array(field.name + nameBytes);
    const view = new DataView(record.buffer);
    view.setUint16(0, signatures.key, true);
    view.setUint16(field.flags, isNarrow ? keyFlags.compressedName : 0, true);
    // Without a time of its own a new key is as old as the one that it stands in.
    record.set(this.#image.read(parent.offset + field.lastWritten, 8), field.lastWritten);
    if (writtenAt !== undefined) view.setBigUint64(field.lastWritten, writtenAt, true);
    view.setUint32(field.parent, parent.cell, true);
    for (const at of [field.subkeyList, field.volatileSubkeyList, field.valueList, field.className])
      view.setUint32(at, noCell, true);
    view.setUint32(field.security, parent.security ?? noCell, true);
    view.setUint16(field.nameBytes, nameBytes, true);
    for (let at = 0; at < name.length; at++) {
      if (isNarrow) view.setUint8(field.name + at, name.charCodeAt(at));
      else view.setUint16(field.name + at * 2, name.charCodeAt(at), true);
    }
    return this.#store(record);
  }

  /** Names these keys, in their order, as the subkeys of a key. */
  #writeList(key: HiveKey, subkeys: readonly ListedKey[]): void {
    const kind = this.#leafKindOf(key);
    for (const cell of listSubkeyListCells(this.#hive.cells, key)) this.#space.free(cell);
    const leaves: number[] = [];
    for (let at = 0; at < subkeys.length; at += mostLeafKeys)
      leaves.push(this.#storeLeaf(kind, subkeys.slice(at, at + mostLeafKeys)));
    this.#image.setU32(key.offset + field.subkeyCount, subkeys.length);
    this.#image.setU32(
      key.offset + field.subkeyList,
      leaves.length > 1 ? this.#storeIndexRoot(leaves) : (leaves[0] ?? noCell),
    );
    if (leaves.length === 0) this.#image.setU16(key.offset + field.largestSubkeyName, 0);
  }

  /** The kind of leaf that the key has, or that a hive of this version gets. */
  #leafKindOf(key: HiveKey): number {
    const [first, second] = listSubkeyListCells(this.#hive.cells, key);
    const kindAt = (cell: number) => this.#image.u16(baseBlockBytes + cell + 4);
    if (first !== undefined && kindAt(first) !== signatures.indexRoot) return kindAt(first);
    if (second !== undefined) return kindAt(second);
    const { minorVersion } = this.#hive.baseBlock;
    if (minorVersion >= 5) return signatures.hashLeaf;
    return minorVersion >= 3 ? signatures.fastLeaf : signatures.indexLeaf;
  }

  #storeLeaf(kind: number, subkeys: readonly ListedKey[]): number {
    const step = kind === signatures.indexLeaf ? 4 : 8;
    const record = new Uint8Array(subkeyListHeaderBytes + subkeys.length * step);
    const view = new DataView(record.buffer);
    view.setUint16(0, kind, true);
    view.setUint16(2, subkeys.length, true);
    for (const [index, { cell, name }] of subkeys.entries()) {
      const at = subkeyListHeaderBytes + index * step;
      view.setUint32(at, cell, true);
      if (kind === signatures.hashLeaf) view.setUint32(at + 4, hashOf(name), true);
      if (kind === signatures.fastLeaf) record.set(hintOf(name), at + 4);
    }
    return this.#store(record);
  }

  #storeIndexRoot(leaves: readonly number[]): number {
    const record = new Uint8Array(subkeyListHeaderBytes + leaves.length * 4);
    const view = new DataView(record.buffer);
    view.setUint16(0, signatures.indexRoot, true);
    view.setUint16(2, leaves.length, true);
    leaves.forEach((leaf, at) => view.setUint32(subkeyListHeaderBytes + at * 4, leaf, true));
    return this.#store(record);
  }

  /** Counts one key more or less at its access list; one that no key has any more leaves the ring of all of them. */
  #changeReferences({ security, name }: HiveKey, by: 1 | -1): EditProblem | undefined {
    if (security === undefined) return undefined;
    const at = (cell: number) => baseBlockBytes + cell + 4;
    const count = this.#image.u32(at(security) + securityRecord.references) + by;
    const isRecord = (cell: number) => this.#image.u16(at(cell)) === signatures.security;
    const next = this.#image.u32(at(security) + securityRecord.next);
    const before = this.#image.u32(at(security) + securityRecord.before);
    if (!isRecord(security) || count < 0 || !isRecord(next) || !isRecord(before))
      return { code: 'hive-damaged', message: `the access list of the key ${name} is broken` };
    this.#image.setU32(at(security) + securityRecord.references, count);
    if (count > 0) return undefined;
    this.#image.setU32(at(before) + securityRecord.next, next);
    this.#image.setU32(at(next) + securityRecord.before, before);
    this.#space.free(security);
    return undefined;
  }

  #touch(key: HiveKey, writtenAt: bigint | undefined): void {
    if (writtenAt === undefined) return;
    const time = new Uint8Array(8);
    new DataView(time.buffer).setBigUint64(0, writtenAt, true);
    this.#image.write(key.offset + field.lastWritten, time);
  }

  #store(bytes: Uint8Array): number {
    const cell = this.#space.allocate(bytes.length);
    if (cell === undefined) throw new HiveFullError();
    this.#image.write(baseBlockBytes + cell + 4, bytes);
    return cell;
  }
}

/** The hash by which Windows finds a name in a leaf. */
const hashOf = (name: string): number =>
  Array.from({ length: name.length }, (_, at) => foldName(name).charCodeAt(at)).reduce(
    (hash, unit) => (Math.imul(hash, 37) + unit) >>> 0,
    0,
  );

/** The first four letters of a name, where they are of one byte. */
function hintOf(name: string): Uint8Array {
  const units = Array.from({ length: Math.min(4, name.length) }, (_, at) => name.charCodeAt(at));
  return units.every(unit => unit < 256) ? Uint8Array.from(units) : new Uint8Array(0);
}
