import type { FactValue, Facts, FileFact, SearchFact } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';

/** A file that a device reported. */
export class SeenFile {
  /** From its place on, as the fact's name writes it. */
  readonly path: string;
  readonly foldedName: string;
  readonly fact: FileFact;
  #writtenMs: number | undefined;

  constructor(path: string, foldedName: string, fact: FileFact) {
    this.path = path;
    this.foldedName = foldedName;
    this.fact = fact;
  }

  /** The part after the last backslash. */
  get name(): string {
    return this.path.slice(this.path.length - this.foldedName.length);
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
  readonly values: ReadonlyMap<string, FactValue>;
  readonly filesByFolder: ReadonlyMap<string, readonly SeenFile[]>;
  readonly searches: readonly SeenSearch[];
}

let viewCount = 0;

/** Sorts facts for evaluation. */
export function viewFacts(facts: Facts): FactView {
  const values = new Map<string, FactValue>();
  const filesByFolder = new Map<string, SeenFile[]>();
  const searches: SeenSearch[] = [];
  for (const name of Object.keys(facts)) {
    const value = facts[name]!;
    values.set(name, value);
    if (typeof value !== 'object') continue;
    if (name.startsWith('file.') && isFileFact(value)) {
      const path = name.slice('file.'.length);
      const folded = foldName(path);
      const at = path.lastIndexOf('\\');
      const folder = folded.slice(0, Math.max(at, 0));
      const file = new SeenFile(path, folded.slice(at + 1), value);
      const files = filesByFolder.get(folder);
      if (files) files.push(file);
      else filesByFolder.set(folder, [file]);
    } else if (name.startsWith('searched.') && isSearchFact(value)) {
      const { folder, last } = splitPath(name.slice('searched.'.length));
      searches.push({ folder, pattern: foldName(last), fact: value });
    }
  }
  return { number: viewCount++, values, filesByFolder, searches };
}

/** A path as its folded folder and its last part. */
export function splitPath(path: string): { readonly folder: string; readonly last: string } {
  const at = path.lastIndexOf('\\');
  return { folder: foldName(path.slice(0, Math.max(at, 0))), last: path.slice(at + 1) };
}

/**
 * Whether one of some searches reported every file of this name in this folder that was written from an instant on;
 * folder and name are folded.
 */
export function isCovered(
  searches: readonly SeenSearch[],
  folder: string,
  name: string,
  writtenFromMs?: number,
): boolean {
  for (const search of searches)
    if (isPlaceOf(search, folder, name) && isInTime(search.fact, writtenFromMs)) return true;
  return false;
}

function isPlaceOf(search: SeenSearch, folder: string, name: string): boolean {
  const isFolder = folder === search.folder;
  if (search.pattern !== '**') return isFolder && (search.pattern === '*' || search.pattern === name);
  return isFolder || (folder.startsWith(search.folder) && folder[search.folder.length] === '\\');
}

const isInTime = ({ writtenSince }: SearchFact, fromMs: number | undefined) =>
  writtenSince === undefined || (fromMs !== undefined && Date.parse(writtenSince) <= fromMs);

const isFileFact = (value: FileFact | SearchFact): value is FileFact => 'sizeBytes' in value;
const isSearchFact = (value: FileFact | SearchFact): value is SearchFact => 'files' in value;
