import type { Hive } from './hive.ts';
import type { HiveKey } from './key-node.ts';
import type { HiveValue } from './key-value.ts';
import { foldName } from './record-name.ts';
import { decodeNumber, decodeText, decodeTextList, isText, nameOfType, valueTypes } from './value-type.ts';

/** No value that is read for its meaning is larger; what is longer is read up to here. */
const mostBytes = 256 * 1024;
const mostMissing = 64;

/** A key or value that a reading wanted and did not get. */
export interface MissingSetting {
  readonly code: 'key-absent' | 'value-absent' | 'type-unexpected';
  /** Path of the key, and the value's name behind a colon. */
  readonly what: string;
  readonly message: string;
}

/** Reads settings out of a hive by type. `get` names what is absent in `missing`; `find` takes absence as normal. */
export class RegistryReader {
  readonly hive: Hive;
  readonly missing: MissingSetting[] = [];
  /** Values of the key asked last: readings ask for several values of one key. */
  #last: { readonly cell: number; readonly values: ReadonlyMap<string, HiveValue> } | undefined;

  constructor(hive: Hive) {
    this.hive = hive;
  }

  getKey(path: string): HiveKey | undefined {
    const key = this.hive.findKey(path);
    if (!key) this.#miss('key-absent', path, 'the hive has no such key');
    return key;
  }

  getText(path: string, name: string): string | null {
    return this.#wanted(path, name, value => this.#textOf(value));
  }

  getNumber(path: string, name: string): number | null {
    return this.#wanted(path, name, value => this.#numberOf(value));
  }

  getTexts(path: string, name: string): readonly string[] | null {
    return this.#wanted(path, name, value => this.#textsOf(value));
  }

  findText(key: HiveKey | undefined, name: string): string | null {
    return this.#found(key, name, value => this.#textOf(value));
  }

  findNumber(key: HiveKey | undefined, name: string): number | null {
    return this.#found(key, name, value => this.#numberOf(value));
  }

  findTexts(key: HiveKey | undefined, name: string): readonly string[] | null {
    return this.#found(key, name, value => this.#textsOf(value));
  }

  findData(key: HiveKey | undefined, name: string): Uint8Array | null {
    return this.#found(key, name, value => this.hive.dataOf(value, mostBytes));
  }

  #found<T>(key: HiveKey | undefined, name: string, read: (value: HiveValue) => T | null): T | null {
    const value = key && this.#valueOf(key, name);
    return value ? read(value) : null;
  }

  #valueOf(key: HiveKey, name: string): HiveValue | undefined {
    if (this.#last?.cell !== key.cell) {
      const values = new Map<string, HiveValue>();
      for (const value of this.hive.values(key).toReversed()) values.set(foldName(value.name), value);
      this.#last = { cell: key.cell, values };
    }
    return this.#last.values.get(foldName(name));
  }

  #wanted<T>(path: string, name: string, read: (value: HiveValue) => T | null): T | null {
    const key = this.getKey(path);
    const value = key && this.#valueOf(key, name);
    if (key && !value) this.#miss('value-absent', `${path}:${name}`, 'the key has no such value');
    const content = value ? read(value) : null;
    if (value && content === null) {
      this.#miss('type-unexpected', `${path}:${name}`, `the value is a ${nameOfType(value.type)}`);
    }
    return content;
  }

  #textOf(value: HiveValue): string | null {
    return isText(value.type) ? decodeText(this.hive.dataOf(value, mostBytes)) : null;
  }

  #numberOf(value: HiveValue): number | null {
    const number = decodeNumber(value.type, this.hive.dataOf(value, 8));
    return number === undefined ? null : Number(number);
  }

  #textsOf(value: HiveValue): readonly string[] | null {
    const data = this.hive.dataOf(value, mostBytes);
    if (value.type === valueTypes.textList) return decodeTextList(data);
    // Some installers write a list of one as a plain text.
    return isText(value.type) ? [decodeText(data)].filter(text => text !== '') : null;
  }

  #miss(code: MissingSetting['code'], what: string, message: string): void {
    if (this.missing.length < mostMissing) this.missing.push({ code, what, message });
  }
}
