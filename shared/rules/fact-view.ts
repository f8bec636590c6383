import type { FactValue, Facts, FileFact, SearchFact } from '../facts/facts.ts';
import type { FactType } from '../facts/fact-definition.ts';
import { foldName, isSameName } from '../facts/glob.ts';
import { canonicalValue } from './canonical-value.ts';
import { type Comparable, comparableOf, type RangeKind } from './comparable-value.ts';

/** A fact that a device reported; its value is made ready to compare when the first rule asks, for all that follow. */
export class SeenFact {
  readonly value: FactValue;
  #folded: string | undefined;
  #type: FactType | undefined;
  #canonical: string | undefined;
  #kind: RangeKind | undefined;
  #comparable: Comparable | undefined;

  constructor(value: FactValue) {
    this.value = value;
  }

  /** A text as names are compared; undefined for any other value. */
  get folded(): string | undefined {
    if (this.#folded === undefined && typeof this.value === 'string') this.#folded = foldName(this.value);
    return this.#folded;
  }

  canonicalAs(type: FactType): string | undefined {
    if (this.#type === type) return this.#canonical;
    this.#type = type;
    return (this.#canonical = canonicalValue(type, this.value));
  }

  comparableAs(kind: RangeKind): Comparable | undefined {
    if (this.#kind === kind) return this.#comparable;
    this.#kind = kind;
    return (this.#comparable = comparableOf(kind, this.value));
  }
}

/** A file that a device reported. */
export class SeenFile {
  /** From its place on, as the fact's name writes it. */
  readonly path: string;
  /** The part after the last backslash. */
  readonly name: string;
  readonly foldedName: string;
  readonly fact: FileFact;
  #writtenMs: number | undefined;

  constructor(path: string, folded: string, at: number, fact: FileFact) {
    this.path = path;
    this.name = path.slice(at + 1);
    this.foldedName = folded.slice(at + 1);
    this.fact = fact;
  }

  get writtenMs(): number {
    return (this.#writtenMs ??= Date.parse(this.fact.writtenAt));
  }
}

/** A place that a device searched: a folder, a folder with all below it, or one pattern in a folder. */
export interface SeenSearch {
  readonly folder: string;
  readonly pattern: string;
  readonly fact: SearchFact;
}

/** Facts with their files by folder, so that many conditions can ask about them cheaply. Names are folded. */
export interface FactView {
  /** No two views of a process have the same. */
  readonly number: number;
  readonly seen: ReadonlyMap<string, SeenFact>;
  readonly filesByFolder: ReadonlyMap<string, readonly SeenFile[]>;
  readonly searches: readonly SeenSearch[];
}

let viewCount = 0;

/** Sorts facts for evaluation. */
export function viewFacts(facts: Facts): FactView {
  const seen = new Map<string, SeenFact>();
  const filesByFolder = new Map<string, SeenFile[]>();
  const searches: SeenSearch[] = [];
  for (const name of Object.keys(facts)) {
    const value = facts[name]!;
    seen.set(name, new SeenFact(value));
    if (typeof value !== 'object') continue;
    if (name.startsWith('file.') && isFileFact(value)) {
      const path = name.slice('file.'.length);
      const folded = foldName(path);
      const at = path.lastIndexOf('\\');
      const folder = folded.slice(0, Math.max(at, 0));
      const file = new SeenFile(path, folded, at, value);
      const files = filesByFolder.get(folder);
      if (files) files.push(file);
      else filesByFolder.set(folder, [file]);
    } else if (name.startsWith('searched.') && isSearchFact(value)) {
      const { folder, last } = splitPath(name.slice('searched.'.length));
      searches.push({ folder, pattern: foldName(last), fact: value });
    }
  }
  return { number: viewCount++, seen, filesByFolder, searches };
}

/** A path as its folded folder and its last part. */
export function splitPath(path: string): { readonly folder: string; readonly last: string } {
  const at = path.lastIndexOf('\\');
  return { folder: foldName(path.slice(0, Math.max(at, 0))), last: path.slice(at + 1) };
}

/** Whether a search reported every file of this name in this folder that was written from an instant on. */
export function isCoveredBy(
  search: SeenSearch,
  folder: string,
  last: string,
  writtenFromMs?: number,
): boolean {
  const isPlace =
    search.pattern === '**'
      ? folder === search.folder || folder.startsWith(`${search.folder}\\`)
      : folder === search.folder && (search.pattern === '*' || isSameName(search.pattern, last));
  if (!isPlace) return false;
  const since = search.fact.writtenSince;
  return since === undefined || (writtenFromMs !== undefined && Date.parse(since) <= writtenFromMs);
}

const isFileFact = (value: FileFact | SearchFact): value is FileFact => 'sizeBytes' in value;
const isSearchFact = (value: FileFact | SearchFact): value is SearchFact => 'files' in value;
