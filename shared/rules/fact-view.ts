import type { FactValue, Facts, FileFact, SearchFact } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';
import { sayInstant } from './say-instant.ts';

/** A file that a device reported. */
export class SeenFile {
  readonly fact: FileFact;
  /** The name of its fact, and where in it the name of the file begins. */
  readonly factName: string;
  readonly nameAt: number;
  #foldedName: string | undefined;
  #writtenMs: number | undefined;
  #said: string | undefined;

  constructor(factName: string, nameAt: number, fact: FileFact) {
    this.factName = factName;
    this.nameAt = nameAt;
    this.fact = fact;
  }

  /** From its place on, as the fact's name writes it. */
  get path(): string {
    return this.factName.slice(filePrefix.length);
  }

  /** The part after the last backslash. */
  get name(): string {
    return this.factName.slice(this.nameAt);
  }

  get foldedName(): string {
    return (this.#foldedName ??= foldName(this.name));
  }

  get writtenMs(): number {
    return (this.#writtenMs ??= Date.parse(this.fact.writtenAt));
  }

  /** As a person reads it. */
  get said(): string {
    const { sizeBytes, writtenAt } = this.fact;
    return (this.#said ??= `${this.name}, ${sizeBytes} bytes, written ${sayInstant(writtenAt)}`);
  }
}

/** A place that a device searched: a folder, a folder with all below it, or one pattern in a folder. */
export interface SeenSearch {
  readonly folder: string;
  readonly pattern: string;
  readonly fact: SearchFact;
}

/** Facts as many conditions ask for them. What few ask is sorted when the first one does. Names are folded. */
export class FactView {
  /** No two views of a process have the same. */
  readonly number = viewCount++;
  readonly facts: Facts;
  /** Of all of them. */
  readonly names: readonly string[];
  #filesByFolder: ReadonlyMap<string, readonly SeenFile[]> | undefined;
  #searches: readonly SeenSearch[] | undefined;

  constructor(facts: Facts) {
    this.facts = facts;
    this.names = Object.keys(facts);
  }

  valueOf(name: string): FactValue | undefined {
    return Object.hasOwn(this.facts, name) ? this.facts[name] : undefined;
  }

  get filesByFolder(): ReadonlyMap<string, readonly SeenFile[]> {
    return (this.#filesByFolder ??= filesOf(this.facts, this.names));
  }

  get searches(): readonly SeenSearch[] {
    return (this.#searches ??= searchesOf(this.facts, this.names));
  }
}

let viewCount = 0;

/** Facts ready for evaluation. They must not change after that. */
export const viewFacts = (facts: Facts): FactView => new FactView(facts);

const [filePrefix, searchPrefix] = ['file.', 'searched.'];

/** Files of one folder mostly follow one another, so that its name is seldom looked at twice. */
function filesOf(facts: Facts, names: readonly string[]): ReadonlyMap<string, readonly SeenFile[]> {
  const byFolder = new Map<string, SeenFile[]>();
  let [lastFolder, lastFiles]: [string, SeenFile[]] = ['', []];
  for (const name of names) {
    if (!name.startsWith(filePrefix)) continue;
    const value = facts[name];
    if (typeof value !== 'object' || !isFileFact(value)) continue;
    const nameAt = Math.max(name.lastIndexOf('\\') + 1, filePrefix.length);
    if (nameAt !== lastFolder.length || !name.startsWith(lastFolder)) {
      lastFolder = name.slice(0, nameAt);
      const folded = foldName(name.slice(filePrefix.length, Math.max(nameAt - 1, filePrefix.length)));
      lastFiles = byFolder.get(folded) ?? [];
      if (lastFiles.length === 0) byFolder.set(folded, lastFiles);
    }
    lastFiles.push(new SeenFile(name, nameAt, value));
  }
  return byFolder;
}

function searchesOf(facts: Facts, names: readonly string[]): readonly SeenSearch[] {
  const searches: SeenSearch[] = [];
  for (const name of names) {
    if (!name.startsWith(searchPrefix)) continue;
    const fact = facts[name];
    if (typeof fact !== 'object' || !isSearchFact(fact)) continue;
    const { folder, last } = splitPath(name.slice(searchPrefix.length));
    searches.push({ folder, pattern: foldName(last), fact });
  }
  return searches;
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
