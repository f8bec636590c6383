import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { type BaseBlock, isDirty, readBaseBlock } from './base-block.ts';
import { HiveCells } from './hive-cells.ts';
import { type HiveProblem, HiveProblems } from './hive-problem.ts';
import { type HiveKey, readKeyNode } from './key-node.ts';
import { findDataPieces, type HiveValue, listValueCells, readKeyValue } from './key-value.ts';
import { baseBlockBytes, minorVersions } from './layout.ts';
import { foldName } from './record-name.ts';
import { listSubkeyCells } from './subkey-list.ts';

/** Windows lets keys nest this deep. */
const maxDepth = 512;

export type HiveResult =
  { readonly ok: true; readonly hive: Hive } | { readonly ok: false; readonly problem: HiveProblem };

/** A key with the names that lead to it; the root has the empty path. */
export interface KeyAtPath {
  readonly path: string;
  readonly key: HiveKey;
}

/**
 * A registry hive, read where it lies. What is damaged is left out and stands in `problems`; nothing throws, and time
 * and memory of every call are bounded by the size of the file.
 */
export class Hive {
  readonly source: ByteSource;
  readonly baseBlock: BaseBlock;
  readonly cells: HiveCells;
  readonly #problems: HiveProblems;
  /** The keys that led to the path asked last, by their names: readings ask for many keys that lie together. */
  #lastPath: readonly { readonly folded: string; readonly key: HiveKey }[] = [];

  constructor(source: ByteSource, reader: ByteReader, baseBlock: BaseBlock) {
    this.source = source;
    this.baseBlock = baseBlock;
    this.#problems = new HiveProblems();
    this.cells = new HiveCells(reader, baseBlock.binsSizeBytes, this.#problems);
    const end = baseBlockBytes + baseBlock.binsSizeBytes;
    if (end > reader.sizeBytes) {
      const message = `the hive should have ${end} bytes; the file ends at ${reader.sizeBytes}`;
      this.cells.fail('cut-off', message, reader.sizeBytes, 'hive-bin');
    }
    if (!baseBlock.checksumHolds) {
      this.cells.fail('checksum-wrong', 'the checksum of the base block is wrong', 0, 'base-block');
    }
  }

  /** Whether newer changes wait in the logs: then this is not what Windows will see. */
  get dirty(): boolean {
    return isDirty(this.baseBlock);
  }

  /** What was found wrong so far; reading more may find more. */
  get problems(): readonly HiveProblem[] {
    return this.#problems.list;
  }

  get root(): HiveKey | undefined {
    return readKeyNode(this.cells, this.baseBlock.rootCell);
  }

  /** The key at a path of names joined by backslashes, from the root; case does not matter. */
  findKey(path: string): HiveKey | undefined {
    const names = path.split('\\').filter(name => name !== '');
    if (names.length > maxDepth) return undefined;
    const folded = names.map(foldName);
    const differs = folded.findIndex((name, at) => name !== this.#lastPath[at]?.folded);
    const way = this.#lastPath.slice(0, differs < 0 ? folded.length : differs);
    let key = way.at(-1)?.key ?? this.root;
    for (const name of folded.slice(way.length)) {
      key = key && this.#findFolded(key, name);
      if (key) way.push({ folded: name, key });
    }
    this.#lastPath = way;
    return key;
  }

  findSubkey(key: HiveKey, name: string): HiveKey | undefined {
    return this.#findFolded(key, foldName(name));
  }

  #findFolded(key: HiveKey, folded: string): HiveKey | undefined {
    for (const cell of listSubkeyCells(this.cells, key)) {
      const subkey = readKeyNode(this.cells, cell);
      if (subkey && foldName(subkey.name) === folded) return subkey;
    }
    return undefined;
  }

  /** The subkeys that can be read, in the order of the list: by name. */
  subkeys(key: HiveKey): readonly HiveKey[] {
    const keys: HiveKey[] = [];
    for (const cell of listSubkeyCells(this.cells, key)) {
      const subkey = readKeyNode(this.cells, cell);
      if (subkey) keys.push(subkey);
    }
    return keys;
  }

  values(key: HiveKey): readonly HiveValue[] {
    const values: HiveValue[] = [];
    for (const cell of listValueCells(this.cells, key)) {
      const value = readKeyValue(this.cells, cell, key);
      if (value) values.push(value);
    }
    return values;
  }

  /** A value by its name; the empty name is the default value. */
  findValue(key: HiveKey, name: string): HiveValue | undefined {
    const folded = foldName(name);
    return this.values(key).find(value => foldName(value.name) === folded);
  }

  /** Data of a value, at most `mostBytes` of it; shorter than `sizeBytes` says where the hive is damaged. */
  dataOf(value: HiveValue, mostBytes = Infinity): Uint8Array {
    const parts: Uint8Array[] = [];
    let lengthBytes = 0;
    for (const { offset, sizeBytes } of findDataPieces(this.cells, value, this.baseBlock.minorVersion)) {
      const part = this.cells.reader.bytes(offset, Math.min(sizeBytes, mostBytes - lengthBytes));
      if (!part || part.length === 0) break;
      parts.push(part);
      lengthBytes += part.length;
    }
    const data = new Uint8Array(lengthBytes);
    let at = 0;
    for (const part of parts) {
      data.set(part, at);
      at += part.length;
    }
    return data;
  }

  /** Every key below and with `from` (the root unless told), parents first; a key that is reached twice comes once. */
  *walk(from: HiveKey | undefined = this.root): Generator<KeyAtPath> {
    const seen = new Set<number>();
    const waiting: (KeyAtPath & { readonly depth: number })[] = from
      ? [{ path: '', key: from, depth: 0 }]
      : [];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { path, key, depth } = next;
      if (seen.has(key.cell)) {
        this.cells.fail('key-repeated', `the key ${key.name} is reached twice`, key.offset, 'key-node');
        continue;
      }
      seen.add(key.cell);
      yield { path, key };
      if (depth >= maxDepth) {
        this.cells.fail('too-deep', `keys nest deeper than ${maxDepth}`, key.offset, 'key-node');
        continue;
      }
      for (const subkey of this.subkeys(key).toReversed()) {
        const below = path === '' ? subkey.name : `${path}\\${subkey.name}`;
        waiting.push({ path: below, key: subkey, depth: depth + 1 });
      }
    }
  }
}

/** Opens a hive as the file alone says it, without its logs: `recoverHive` is what sees what Windows sees. */
export function openHive(source: ByteSource): HiveResult {
  const reader = new ByteReader(source);
  const block = readBaseBlock(reader);
  if ('code' in block) return { ok: false, problem: block };
  const { majorVersion, minorVersion } = block;
  if (majorVersion !== 1 || minorVersion < minorVersions.least) {
    const message = `hives of version ${majorVersion}.${minorVersion} are not read; 1.2 to 1.6 are`;
    return {
      ok: false,
      problem: { code: 'version-not-covered', message, offset: 20, structure: 'base-block' },
    };
  }
  return { ok: true, hive: new Hive(source, reader, block) };
}
