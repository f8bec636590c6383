import { sealHead } from './hive-builder.ts';

// Builds the logs that a machine leaves behind when its power goes while a hive is being written; like the hive
// builder, it shares nothing with the reader.

/** A dirty hive and its logs. */
export interface DirtyHive {
  readonly hive: Uint8Array;
  readonly log1: Uint8Array;
  readonly log2: Uint8Array;
}

const sector = 512;
const page = 0x1000;

/**
 * A hive whose newest changes stand only in logs, as Windows 8.1 and later leave it. `states` are whole hives: the
 * first is on the disk, each later one is an entry. The first `inLog1` entries go to LOG1, the others to LOG2.
 */
export function buildDirtyHive(
  states: readonly Uint8Array[],
  { firstSequence = 8, inLog1 = states.length - 1 } = {},
): DirtyHive {
  const entries = states
    .slice(1)
    .map((state, at) => buildEntry(states[at]!, state, (firstSequence + at) % 0x1_0000_0000));
  const [here, there] = [entries.slice(0, inLog1), entries.slice(inLog1)];
  const sequenceOf = (at: number): number => (firstSequence + at) % 0x1_0000_0000;
  return {
    hive: markDirty(states[0]!, firstSequence),
    log1: here.length === 0 ? new Uint8Array(0) : joinLog(states[0]!, sequenceOf(0), here),
    log2: there.length === 0 ? new Uint8Array(0) : joinLog(states[0]!, sequenceOf(inLog1), there),
  };
}

/**
 * A hive whose write was torn, as Windows before 8.1 leaves it: the log holds every changed page, the hive the first
 * `writtenPages` of them.
 */
export function buildTornHive(before: Uint8Array, after: Uint8Array, writtenPages = 0): DirtyHive {
  const size = Math.max(before.length, after.length);
  const [old, fresh] = [grown(before, size), grown(after, size)];
  const sectors = (size - page) / sector;
  const bitmap = new Uint8Array(Math.ceil(sectors / 8));
  const pages: Uint8Array[] = [];
  const hive = grown(before, size);
  let written = 0;
  for (let at = page; at < size; at += page) {
    const changed = fresh.subarray(at, at + page);
    if (equal(old.subarray(at, at + page), changed)) continue;
    bitmap[(at - page) / page] = 0xff;
    pages.push(changed);
    if (written++ < writtenPages) hive.set(changed, at);
  }
  const sequence = new DataView(before.buffer).getUint32(4, true) + 1;
  const vector = new Uint8Array(Math.ceil((4 + bitmap.length) / sector) * sector);
  vector.set([0x44, 0x49, 0x52, 0x54]);
  vector.set(bitmap, 4);
  const head = logHead(grown(after, size), 1, sequence);
  const dirty = markDirty(hive, sequence);
  // The write to the hive starts with its head, which carries the time that the log carries too.
  dirty.set(head.subarray(12, 20), 12);
  sealHead(dirty);
  return { hive: dirty, log1: joined([head, vector, ...pages]), log2: new Uint8Array(0) };
}

function markDirty(hive: Uint8Array, sequence: number): Uint8Array {
  const dirty = hive.slice();
  const view = new DataView(dirty.buffer);
  view.setUint32(4, sequence, true);
  view.setUint32(8, (sequence + 0xffff_ffff) % 0x1_0000_0000, true);
  sealHead(dirty);
  return dirty;
}

function logHead(hive: Uint8Array, fileType: number, sequence: number): Uint8Array {
  const head = hive.slice(0, sector);
  const view = new DataView(head.buffer);
  view.setUint32(4, sequence, true);
  view.setUint32(8, sequence, true);
  view.setUint32(28, fileType, true);
  sealHead(head);
  return head;
}

const joinLog = (hive: Uint8Array, sequence: number, entries: readonly Uint8Array[]): Uint8Array =>
  joined([logHead(hive, 6, sequence), ...entries]);

function buildEntry(before: Uint8Array, after: Uint8Array, sequence: number): Uint8Array {
  const pages: number[] = [];
  for (let at = page; at < after.length; at += page) {
    if (!equal(before.subarray(at, at + page), after.subarray(at, at + page))) pages.push(at);
  }
  const used = 40 + pages.length * 8 + pages.length * page;
  const entry = new Uint8Array(Math.ceil(used / sector) * sector);
  const view = new DataView(entry.buffer);
  entry.set([0x48, 0x76, 0x4c, 0x45]);
  view.setUint32(4, entry.length, true);
  view.setUint32(12, sequence, true);
  view.setUint32(16, after.length - page, true);
  view.setUint32(20, pages.length, true);
  let to = 40 + pages.length * 8;
  pages.forEach((at, index) => {
    view.setUint32(40 + index * 8, at - page, true);
    view.setUint32(44 + index * 8, page, true);
    entry.set(after.subarray(at, at + page), to);
    to += page;
  });
  view.setBigUint64(24, checksum(entry.subarray(40)), true);
  view.setBigUint64(32, checksum(entry.subarray(0, 32)), true);
  return entry;
}

/** Marvin32 over whole words, which is all that a log entry has, plus the padding word. */
function checksum(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [a, b] = [0x7a4e_55c5n, 0x82ef_4d88n];
  const turn = (word: bigint, by: bigint): bigint => BigInt.asUintN(32, (word << by) | (word >> (32n - by)));
  const step = (word: bigint): void => {
    a = BigInt.asUintN(32, a + word);
    b ^= a;
    a = BigInt.asUintN(32, turn(a, 20n) + b);
    b = turn(b, 9n) ^ a;
    a = BigInt.asUintN(32, turn(a, 27n) + b);
    b = turn(b, 19n);
  };
  for (let at = 0; at < bytes.length; at += 4) step(BigInt(view.getUint32(at, true)));
  step(0x80n);
  step(0n);
  return (b << 32n) | a;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function grown(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  const copy = new Uint8Array(sizeBytes);
  copy.set(bytes);
  return copy;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
