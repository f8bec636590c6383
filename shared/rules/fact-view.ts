import type { FactValue, Facts, FileFact, SearchFact } from '../facts/facts.ts';
import type { FactType } from '../facts/fact-definition.ts';
import { foldName, isSameName } from '../facts/glob.ts';
import { canonicalValue } from './canonical-value.ts';
import { type Comparable, comparableOf, type RangeKind } from './comparable-value.ts';

/** A file that a device reported. */
export interface SeenFile {
  /** From its place on, as the fact's name writes it. */
  readonly path: string;
  /** The part after the last backslash. */
  readonly name: string;
  readonly foldedName: string;
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
  /** Values made ready to compare when the first rule asks, for all rules that follow. */
  readonly prepared: {
    readonly canonical: Map<string, string | undefined>;
    readonly comparable: Readonly<Record<RangeKind, Map<string, Comparable | undefined>>>;
  };
}

/** The canonical value of a fact that is there. */
export function canonicalIn({ facts, prepared }: FactView, type: FactType, fact: string): string | undefined {
  const known = prepared.canonical.get(fact);
  if (known !== undefined) return known;
  const canonical = canonicalValue(type, facts[fact]);
  prepared.canonical.set(fact, canonical);
  return canonical;
}

/** The comparable value of a fact that is there. */
export function comparableIn({ facts, prepared }: FactView, kind: RangeKind, fact: string) {
  const known = prepared.comparable[kind].get(fact);
  if (known !== undefined) return known;
  const comparable = comparableOf(kind, facts[fact]);
  prepared.comparable[kind].set(fact, comparable);
  return comparable;
}

/** Sorts facts for evaluation. */
export function viewFacts(facts: Facts): FactView {
  const filesByFolder = new Map<string, SeenFile[]>();
  const searches: SeenSearch[] = [];
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith('file.') && isFileFact(value)) {
      const path = name.slice('file.'.length);
      const folded = foldName(path);
      const at = path.lastIndexOf('\\');
      const folder = folded.slice(0, Math.max(at, 0));
      const file = { path, name: path.slice(at + 1), foldedName: folded.slice(at + 1), fact: value };
      const files = filesByFolder.get(folder);
      if (files) files.push(file);
      else filesByFolder.set(folder, [file]);
    } else if (name.startsWith('searched.') && isSearchFact(value)) {
      const { folder, last } = splitPath(name.slice('searched.'.length));
      searches.push({ folder, pattern: foldName(last), fact: value });
    }
  }
  const comparable = { number: new Map(), hex: new Map(), version: new Map(), instant: new Map() };
  return { facts, filesByFolder, searches, prepared: { canonical: new Map(), comparable } };
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

const isFileFact = (value: FactValue): value is FileFact => typeof value === 'object' && 'sizeBytes' in value;
const isSearchFact = (value: FactValue): value is SearchFact => typeof value === 'object' && 'files' in value;
