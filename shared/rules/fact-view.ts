import type { FactValue, Facts, FileFact, SearchFact } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';

/** A file that a device reported. */
export interface SeenFile {
  /** From its place on, as the fact's name writes it. */
  readonly path: string;
  /** The part after the last backslash. */
  readonly name: string;
  readonly fact: FileFact;
}

/** A place that a device searched: a folder, a folder with all below it, or one pattern in a folder. */
export interface SeenSearch {
  readonly folder: string;
  readonly pattern: string;
  readonly fact: SearchFact;
}

/** Facts with their files by folder, so that many conditions can ask about files cheaply. Names are folded. */
export interface FactView {
  readonly facts: Facts;
  readonly filesByFolder: ReadonlyMap<string, readonly SeenFile[]>;
  readonly searches: readonly SeenSearch[];
}

/** Sorts facts for evaluation. */
export function viewFacts(facts: Facts): FactView {
  const filesByFolder = new Map<string, SeenFile[]>();
  const searches: SeenSearch[] = [];
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith('file.') && isFileFact(value)) {
      const path = name.slice('file.'.length);
      const { folder, last } = splitPath(path);
      const files = filesByFolder.get(folder);
      const file = { path, name: last, fact: value };
      if (files) files.push(file);
      else filesByFolder.set(folder, [file]);
    } else if (name.startsWith('searched.') && isSearchFact(value)) {
      const { folder, last } = splitPath(name.slice('searched.'.length));
      searches.push({ folder, pattern: foldName(last), fact: value });
    }
  }
  return { facts, filesByFolder, searches };
}

/** A path as its folded folder and its last part. */
export function splitPath(path: string): { readonly folder: string; readonly last: string } {
  const at = path.lastIndexOf('\\');
  return { folder: foldName(path.slice(0, Math.max(at, 0))), last: path.slice(at + 1) };
}

const isFileFact = (value: FactValue): value is FileFact => typeof value === 'object' && 'sizeBytes' in value;
const isSearchFact = (value: FactValue): value is SearchFact => typeof value === 'object' && 'files' in value;
