import type { Place } from '../facts/place.ts';
import type { Range } from '../facts/range.ts';
import type { Span } from './diagnostic.ts';
import type { HiveName } from './offline-registry.ts';

/** A line of the script that says something, with the comment lines above it. */
export interface Statement {
  /** Counted from 1. */
  readonly line: number;
  readonly span: Span;
  readonly comments: readonly string[];
}

/** `KEY`, written from below its hive on. */
export interface RegistryKey {
  readonly hive: HiveName;
  readonly key: string;
  readonly span: Span;
}

/** `KEY value NAME`; the default value has the empty name. */
export interface RegistryValue extends RegistryKey {
  readonly name: string;
}

/** What a value holds, by the words that scripts have for the types of the registry. */
export type RegistryContent =
  /** REG_DWORD. */
  | { readonly kind: 'number'; readonly number: number }
  /** REG_QWORD, in decimal digits: larger than a number can be exact. */
  | { readonly kind: '64-bit number'; readonly digits: string }
  /** REG_SZ and REG_EXPAND_SZ. */
  | { readonly kind: 'text' | 'expandable text'; readonly text: string }
  /** REG_MULTI_SZ. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  /** REG_BINARY, as hex digits in lower case. */
  | { readonly kind: 'binary'; readonly hex: string };

/** One value or a half-open range of values. */
export type Extent<Value> = { readonly exactly: Value } | Range<Value>;

/** What is asked of a file besides its name. */
export interface FileTraits {
  /** Instants in milliseconds since 1970, UTC. */
  readonly written?: Range<number>;
  readonly sizeBytes?: Extent<number>;
  /** File version of its version resource. */
  readonly version?: Extent<string>;
  /** SHA-256 of the whole file, 64 hex digits. */
  readonly sha256?: string;
}

/** A folder below a place. */
export interface FolderPath {
  readonly place: Place;
  readonly folders: readonly string[];
  readonly span: Span;
}

/** A file, or with wildcards in its name a set of files of one folder. */
export interface FilePath extends FolderPath {
  readonly name: string;
}
