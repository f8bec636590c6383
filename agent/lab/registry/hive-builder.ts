import type { KeyPlan, ValuePlan } from './key-plan.ts';

// Builds hives as Windows writes them, from the published specification alone: it shares nothing with the reader in
// shared/registry, so that the one can prove the other.

/** Which kind of list names the subkeys; more than `splitAt` of them are split below an `ri`. */
export type SubkeyListKind = 'lf' | 'lh' | 'li';

/** A hive to be built. */
export interface HivePlan {
  readonly root: KeyPlan;
  /** 3, 4, 5 or 6; since 4 large data is split, since 5 lists carry hashes. */
  readonly minorVersion?: number;
  readonly sequence?: number;
  readonly subkeyLists?: SubkeyListKind;
  readonly splitAt?: number;
  /** End of the path that Windows keeps in the head. */
  readonly fileName?: string;
  /** Free room in a bin of its own behind everything. */
  readonly spareBytes?: number;
  /** Time in the head; Windows before 8.1 keeps it. */
  readonly writtenAt?: string;
}

const page = 0x1000;
const nowhere = 0xffff_ffff;

/** The bytes of a clean hive. */
export function buildHive(plan: HivePlan): Uint8Array {
  return new HiveBuilder(plan).build();
}

/** Sets the checksum of a head, as everything that changes a head must. */
export function sealHead(file: Uint8Array): void {
  const view = new DataView(file.buffer, file.byteOffset, 512);
  let sum = 0;
  for (let word = 0; word < 127; word++) sum = (sum ^ view.getUint32(word * 4, true)) >>> 0;
  view.setUint32(508, sum === 0 ? 1 : sum === nowhere ? nowhere - 1 : sum, true);
}

/** 100 ns steps since 1601. */
export const windowsTime = (instant: string): bigint =>
  BigInt(Date.parse(instant) + 11_644_473_600_000) * 10_000n;

class HiveBuilder {
  readonly #plan: HivePlan;
  readonly #minor: number;
  /** Bins behind each other; cells count from the start of the first. */
  #bytes = new Uint8Array(0);
  #end = 0;
  #binEnd = 0;
  #security = 0;
  #keys = 0;

  constructor(plan: HivePlan) {
    this.#plan = plan;
    this.#minor = plan.minorVersion ?? 5;
  }

  build(): Uint8Array {
    const { root, spareBytes = 0, sequence = 1, fileName = '', writtenAt } = this.#plan;
    const rootCell = this.#reserve(76 + this.#nameLength(root.name));
    this.#security = this.#reserve(20 + descriptor.length);
    this.#writeKey(root, rootCell, nowhere, 0x2c);
    this.#writeSecurity();
    this.#closeBin();
    if (spareBytes > 0) {
      this.#openBin(spareBytes);
      this.#closeBin();
    }
    const file = new Uint8Array(page + this.#end);
    file.set(this.#bytes.subarray(0, this.#end), page);
    const view = new DataView(file.buffer);
    file.set(ascii('regf'));
    view.setUint32(4, sequence, true);
    view.setUint32(8, sequence, true);
    if (writtenAt !== undefined) {
      view.setBigUint64(12, windowsTime(writtenAt), true);
      view.setBigUint64(page + 20, windowsTime(writtenAt), true);
    }
    view.setUint32(20, 1, true);
    view.setUint32(24, this.#minor, true);
    view.setUint32(32, 1, true);
    view.setUint32(36, rootCell, true);
    view.setUint32(40, this.#end, true);
    view.setUint32(44, 1, true);
    for (let at = 0; at < Math.min(fileName.length, 31); at++) {
      view.setUint16(48 + at * 2, fileName.charCodeAt(at), true);
    }
    sealHead(file);
    return file;
  }

  #writeKey(plan: KeyPlan, cell: number, parent: number, flags: number): void {
    this.#keys++;
    const keys = (plan.keys ?? []).toSorted((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1));
    const values = plan.values ?? [];
    const cells = keys.map(one => this.#reserve(76 + this.#nameLength(one.name)));
    keys.forEach((one, at) => this.#writeKey(one, cells[at]!, cell, 0x20));
    const subkeyList = keys.length === 0 ? nowhere : this.#writeSubkeys(keys, cells);
    const valueList = values.length === 0 ? nowhere : this.#writeValues(values);
    const narrow = this.#isNarrow(plan.name);
    const node = this.#cellData(cell);
    this.#put(cell, 'nk');
    node.setUint16(2, narrow ? flags : flags & ~0x20, true);
    node.setBigUint64(4, windowsTime(plan.writtenAt ?? '2024-01-01T00:00:00Z'), true);
    node.setUint32(16, parent === nowhere ? 0x40 : parent, true);
    node.setUint32(20, keys.length, true);
    node.setUint32(28, subkeyList, true);
    node.setUint32(32, nowhere, true);
    node.setUint32(36, values.length, true);
    node.setUint32(40, valueList, true);
    node.setUint32(44, this.#security, true);
    node.setUint32(48, nowhere, true);
    node.setUint32(52, Math.max(0, ...keys.map(one => one.name.length * 2)), true);
    node.setUint32(60, Math.max(0, ...values.map(one => one.name.length * 2)), true);
    node.setUint32(64, Math.max(0, ...values.map(one => one.data.length)), true);
    node.setUint16(72, this.#nameLength(plan.name), true);
    this.#putName(node, 76, plan.name, narrow);
  }

  #writeSubkeys(keys: readonly KeyPlan[], cells: readonly number[]): number {
    const { splitAt = 500 } = this.#plan;
    if (keys.length <= splitAt) return this.#writeLeaf(keys, cells);
    const leaves: number[] = [];
    for (let at = 0; at < keys.length; at += splitAt) {
      leaves.push(this.#writeLeaf(keys.slice(at, at + splitAt), cells.slice(at, at + splitAt)));
    }
    const root = this.#reserve(4 + leaves.length * 4);
    this.#put(root, 'ri');
    const view = this.#cellData(root);
    view.setUint16(2, leaves.length, true);
    leaves.forEach((leaf, at) => view.setUint32(4 + at * 4, leaf, true));
    return root;
  }

  #writeLeaf(keys: readonly KeyPlan[], cells: readonly number[]): number {
    const kind = this.#plan.subkeyLists ?? (this.#minor >= 5 ? 'lh' : 'lf');
    const step = kind === 'li' ? 4 : 8;
    const leaf = this.#reserve(4 + keys.length * step);
    this.#put(leaf, kind);
    const view = this.#cellData(leaf);
    view.setUint16(2, keys.length, true);
    keys.forEach((one, at) => {
      view.setUint32(4 + at * step, cells[at]!, true);
      if (kind === 'lh') view.setUint32(8 + at * step, hashOf(one.name), true);
      if (kind === 'lf' && this.#isNarrow(one.name)) {
        for (let i = 0; i < Math.min(4, one.name.length); i++) {
          view.setUint8(8 + at * step + i, one.name.charCodeAt(i));
        }
      }
    });
    return leaf;
  }

  #writeValues(values: readonly ValuePlan[]): number {
    const records = values.map(value => this.#writeValue(value));
    const list = this.#reserve(records.length * 4);
    const view = this.#cellData(list);
    records.forEach((record, at) => view.setUint32(at * 4, record, true));
    return list;
  }

  #writeValue({ name, type, data }: ValuePlan): number {
    const narrow = this.#isNarrow(name);
    const cell = this.#reserve(20 + this.#nameLength(name));
    const stored = data.length > 4 ? this.#writeData(data) : 0;
    this.#put(cell, 'vk');
    const view = this.#cellData(cell);
    view.setUint16(2, this.#nameLength(name), true);
    if (data.length > 4) {
      view.setUint32(4, data.length, true);
      view.setUint32(8, stored, true);
    } else {
      view.setUint32(4, 0x8000_0000 + data.length, true);
      data.forEach((byte, at) => view.setUint8(8 + at, byte));
    }
    view.setUint32(12, type, true);
    view.setUint16(16, narrow ? 1 : 0, true);
    this.#putName(view, 20, name, narrow);
    return cell;
  }

  #writeData(data: Uint8Array): number {
    const most = 16_344;
    if (data.length <= most || this.#minor < 4) {
      const cell = this.#reserve(data.length);
      this.#bytes.set(data, cell + 4);
      return cell;
    }
    const segments: number[] = [];
    for (let at = 0; at < data.length; at += most) {
      const part = data.subarray(at, at + most);
      const segment = this.#reserve(most);
      this.#bytes.set(part, segment + 4);
      segments.push(segment);
    }
    const list = this.#reserve(segments.length * 4);
    segments.forEach((segment, at) => this.#cellData(list).setUint32(at * 4, segment, true));
    const record = this.#reserve(8);
    this.#put(record, 'db');
    this.#cellData(record).setUint16(2, segments.length, true);
    this.#cellData(record).setUint32(4, list, true);
    return record;
  }

  #writeSecurity(): void {
    this.#put(this.#security, 'sk');
    const view = this.#cellData(this.#security);
    view.setUint32(4, this.#security, true);
    view.setUint32(8, this.#security, true);
    view.setUint32(12, this.#keys, true);
    view.setUint32(16, descriptor.length, true);
    this.#bytes.set(descriptor, this.#security + 4 + 20);
  }

  /** Takes an allocated cell that holds so many bytes, from the open bin or a new one. */
  #reserve(dataBytes: number): number {
    const sizeBytes = (dataBytes + 4 + 7) & ~7;
    if (this.#end + sizeBytes > this.#binEnd) {
      this.#closeBin();
      this.#openBin(sizeBytes);
    }
    const cell = this.#end;
    new DataView(this.#bytes.buffer).setInt32(cell, -sizeBytes, true);
    this.#end += sizeBytes;
    return cell;
  }

  #openBin(neededBytes: number): void {
    const sizeBytes = Math.ceil((neededBytes + 32) / page) * page;
    const start = this.#end;
    if (start + sizeBytes > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, start + sizeBytes));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(ascii('hbin'), start);
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(start + 4, start, true);
    view.setUint32(start + 8, sizeBytes, true);
    this.#end = start + 32;
    this.#binEnd = start + sizeBytes;
  }

  #closeBin(): void {
    const left = this.#binEnd - this.#end;
    if (left > 0) new DataView(this.#bytes.buffer).setInt32(this.#end, left, true);
    this.#end = this.#binEnd;
  }

  #cellData(cell: number): DataView {
    return new DataView(this.#bytes.buffer, cell + 4);
  }

  #put(cell: number, letters: string): void {
    this.#bytes.set(ascii(letters), cell + 4);
  }

  #putName(view: DataView, at: number, name: string, narrow: boolean): void {
    for (let i = 0; i < name.length; i++) {
      if (narrow) view.setUint8(at + i, name.charCodeAt(i));
      else view.setUint16(at + i * 2, name.charCodeAt(i), true);
    }
  }

  #isNarrow(name: string): boolean {
    for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) > 255) return false;
    return true;
  }

  #nameLength(name: string): number {
    return this.#isNarrow(name) ? name.length : name.length * 2;
  }
}

const ascii = (letters: string): Uint8Array => Uint8Array.from(letters, letter => letter.charCodeAt(0));

/** Hash by which Windows looks up a subkey in an `lh` list. */
function hashOf(name: string): number {
  let hash = 0n;
  for (let at = 0; at < name.length; at++) {
    const unit = name[at]!.toUpperCase();
    hash = BigInt.asUintN(32, hash * 37n + BigInt((unit.length === 1 ? unit : name[at]!).charCodeAt(0)));
  }
  return Number(hash);
}

/** A self-relative descriptor without owner, group or lists: everybody may do everything. */
const descriptor = Uint8Array.of(1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
