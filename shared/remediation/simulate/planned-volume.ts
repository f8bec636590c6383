import type { ByteSource } from '../../bytes/byte-source.ts';
import { foldName } from '../../facts/glob.ts';
import type { DirectoryEntry, QuarantinedFile, VolumeView } from '../../facts/volume-view.ts';
import { type HiveName, pathOfHive } from '../offline-registry.ts';
import type { PlannedChange } from '../plan.ts';
import { makeNewHive, type NewHive } from '../swap-hive.ts';

/**
 * The volume as it would be when a plan had run: files are away or have their new names, and hives are the edited ones
 * that would take their place. Nothing is changed; everything is worked out in memory.
 */
export class PlannedVolume implements VolumeView {
  readonly root: string;
  readonly windowsDirectory: string;
  readonly #before: VolumeView;
  readonly #away = new Set<string>();
  /** Where what has a new name comes from. */
  readonly #moved = new Map<string, { readonly path: string; readonly from: string }>();
  readonly #hives = new Map<string, ByteSource>();

  constructor(before: VolumeView, changes: readonly PlannedChange[]) {
    this.#before = before;
    this.root = before.root;
    this.windowsDirectory = before.windowsDirectory;
    for (const change of changes) {
      if (change.kind === 'copy') {
        const from = this.#originOf(change.fromPath);
        this.#moved.set(foldName(change.path), { path: change.path, from });
      }
      if (change.kind === 'delete' || change.kind === 'rename') {
        const from = this.#originOf(change.path);
        this.#away.add(foldName(change.path));
        this.#moved.delete(foldName(change.path));
        if (change.toPath !== undefined)
          this.#moved.set(foldName(change.toPath), { path: change.toPath, from });
      }
    }
    for (const [hive, ours] of newHivesOf(changes)) {
      const made = makeNewHive(before, hive, ours);
      if (made.ok) this.#hives.set(foldName(pathOfHive(before, hive)), made.image);
    }
  }

  find(path: string): DirectoryEntry | undefined {
    const key = foldName(path);
    const moved = this.#moved.get(key);
    const entry = moved ? this.#before.find(moved.from) : undefined;
    if (moved && entry) return { ...entry, name: nameOf(moved.path) };
    if (this.#away.has(key)) return undefined;
    const hive = this.#hives.get(key);
    const found = this.#before.find(path);
    return hive && found ? { ...found, sizeBytes: hive.sizeBytes } : found;
  }

  list(path: string): readonly DirectoryEntry[] | undefined {
    const entries = this.#before.list(path);
    if (!entries) return undefined;
    const start = `${foldName(path)}\\`;
    const arrived = [...this.#moved]
      .filter(([key]) => key.startsWith(start) && !key.slice(start.length).includes('\\'))
      .flatMap(([, { path: whole }]) => this.find(whole) ?? []);
    const names = new Set(arrived.map(entry => foldName(entry.name)));
    const stayed = entries.filter(
      ({ name }) => !names.has(foldName(name)) && !this.#away.has(`${start}${foldName(name)}`),
    );
    return [...stayed, ...arrived].toSorted((a, b) => (foldName(a.name) < foldName(b.name) ? -1 : 1));
  }

  open(path: string): ByteSource | undefined {
    const key = foldName(path);
    const hive = this.#hives.get(key);
    if (hive) return hive;
    if (!this.#moved.has(key) && this.#away.has(key)) return undefined;
    return this.#before.open(this.#originOf(path));
  }

  hash(path: string): string | undefined {
    const key = foldName(path);
    if (this.#hives.has(key) || (!this.#moved.has(key) && this.#away.has(key))) return undefined;
    return this.#before.hash?.(this.#originOf(path));
  }

  freeBytes(): number | undefined {
    return this.#before.freeBytes?.();
  }

  quarantined(path: string): readonly QuarantinedFile[] | undefined {
    return this.#before.quarantined?.(path);
  }

  knowsAll(path: string, writtenFromMs?: number): boolean {
    return this.#before.knowsAll?.(path, writtenFromMs) ?? true;
  }

  #originOf(path: string): string {
    return this.#moved.get(foldName(path))?.from ?? path;
  }
}

/** What takes the place of each hive: edits, a whole hive, and what tools are known to leave. */
function newHivesOf(changes: readonly PlannedChange[]): ReadonlyMap<HiveName, NewHive> {
  const hives = new Map<HiveName, NewHive>();
  for (const change of changes) {
    const made = change.kind === 'run-tool' ? change.leaves : change;
    if (!made || !('hive' in made)) continue;
    const known = hives.get(made.hive) ?? { edits: [], isSwapped: false };
    hives.set(
      made.hive,
      'edit' in made
        ? { ...known, edits: [...known.edits, made.edit] }
        : { ...known, fromPath: made.fromPath, isSwapped: true },
    );
  }
  return hives;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('\\') + 1);
