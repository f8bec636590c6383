import { foldName } from '../../facts/glob.ts';
import type { Facts } from '../../facts/facts.ts';
import { factPathOf, findPlace, pathOfPlace } from '../../facts/place.ts';
import type { DirectoryEntry, VolumeView } from '../../facts/volume-view.ts';
import { isCovered, type SeenSearch, splitPath, viewFacts } from '../../rules/fact-view.ts';

/** A folder as the facts tell of it. */
interface SeenFolder {
  readonly path: string;
  readonly name: string;
  readonly files: Map<string, DirectoryEntry>;
}

/**
 * What recorded facts say of a volume. Files that were reported are there; whatever nobody looked at is left out, and
 * `knowsAll` says so. No file can be opened, so hives and versions stay unknown.
 */
export class FactsVolume implements VolumeView {
  readonly root = 'C:\\';
  readonly windowsDirectory = 'C:\\Windows';
  readonly #folders = new Map<string, SeenFolder>();
  readonly #searches: readonly SeenSearch[];
  readonly #open = new Set<string>();
  #isMissed = false;

  constructor(facts: Facts) {
    const { filesByFolder, searches } = viewFacts(facts);
    this.#searches = searches;
    this.#addFolder(this.windowsDirectory);
    for (const { path, name, fact } of [...filesByFolder.values()].flat()) {
      const absolute = this.#absolute(path);
      if (absolute === undefined) continue;
      const folder = this.#addFolder(absolute.slice(0, absolute.lastIndexOf('\\')));
      const writtenAtMs = Date.parse(fact.writtenAt);
      folder.files.set(foldName(name), { name, kind: 'file', sizeBytes: fact.sizeBytes, writtenAtMs });
    }
  }

  /** Paths that were asked for and that the facts do not tell all of, in the order of asking. */
  get openPaths(): readonly string[] {
    return [...this.#open];
  }

  /** Whether something was asked for that was not found and that nobody looked for: it may be there all the same. */
  get isMissed(): boolean {
    return this.#isMissed;
  }

  find(path: string): DirectoryEntry | undefined {
    const at = path.lastIndexOf('\\');
    const file = this.#folders.get(foldName(path.slice(0, at)))?.files.get(foldName(path.slice(at + 1)));
    const folder = this.#folders.get(foldName(path));
    // A folder is spelled as it was asked for: facts are in lower case, and a short name would be another story.
    if (!file && !folder) this.#miss(path);
    return file ?? (folder && { name: path.slice(at + 1), kind: 'directory', sizeBytes: 0, writtenAtMs: 0 });
  }

  list(path: string): readonly DirectoryEntry[] | undefined {
    const folder = this.#folders.get(foldName(path));
    this.#miss(`${path}\\*`);
    return folder && [...folder.files.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  open(): undefined {
    return undefined;
  }

  knowsAll(path: string, writtenFromMs?: number): boolean {
    if (this.#isLookedFor(path, writtenFromMs)) return true;
    this.#open.add(path);
    return false;
  }

  #miss(path: string): void {
    // On the way to a folder that was searched it is the search that tells.
    const place = foldName(factPathOf(this, path) ?? '');
    const isOnTheWay = this.#searches.some(({ folder }) => `${foldName(folder)}\\`.startsWith(`${place}\\`));
    this.#isMissed ||= !isOnTheWay && !this.#isLookedFor(path);
  }

  #isLookedFor(path: string, writtenFromMs?: number): boolean {
    const { folder, last } = splitPath(factPathOf(this, path) ?? '');
    return isCovered(this.#searches, folder, foldName(last), writtenFromMs);
  }

  #addFolder(path: string): SeenFolder {
    const known = this.#folders.get(foldName(path));
    if (known) return known;
    const at = path.lastIndexOf('\\');
    const folder: SeenFolder = { path, name: path.slice(at + 1), files: new Map() };
    this.#folders.set(foldName(path), folder);
    if (at > this.root.length) this.#addFolder(path.slice(0, at));
    return folder;
  }

  #absolute(factPath: string): string | undefined {
    const at = factPath.indexOf('\\');
    const place = findPlace(factPath.slice(0, at));
    return place && `${pathOfPlace(this, place)}${factPath.slice(at)}`;
  }
}
