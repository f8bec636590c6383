import { foldName } from '../../shared/facts/glob.ts';
import type { DirectoryEntry, EntryKind } from '../../shared/facts/volume-view.ts';
import { fileError } from './file-failure.ts';
import { compareNames, type ParsedPath } from './windows-path.ts';

interface DiskNode {
  readonly name: string;
  readonly kind: EntryKind;
  readonly bytes: Uint8Array;
  readonly writtenAtMs: number;
  /** How many leading bytes would survive a power cut now. */
  readonly durableBytes: number;
}

/** Folded components joined by a backslash; the root is the empty key. */
type Tree = ReadonlyMap<string, DiskNode>;

type Effect =
  | { readonly kind: 'put'; readonly key: string; readonly node: DiskNode }
  | { readonly kind: 'move'; readonly from: string; readonly to: string; readonly name: string }
  | { readonly kind: 'drop'; readonly key: string };

/** What is durable, and what was done since and is not. */
export interface DiskSnapshot {
  readonly durable: Tree;
  readonly pending: readonly Effect[];
}

/** A file or directory to start with. */
export interface DiskContent {
  readonly kind?: EntryKind;
  readonly bytes?: Uint8Array;
  readonly writtenAtMs?: number;
}

const nothing = new Uint8Array(0);
const keyOf = (components: readonly string[]) => components.map(foldName).join('\\');
const entryOf = ({ name, kind, bytes, writtenAtMs }: DiskNode): DirectoryEntry => ({
  name,
  kind,
  sizeBytes: bytes.length,
  writtenAtMs,
});

/**
 * One volume in memory that models durability: effects since the last flush are kept apart, so that a power cut can
 * lose them, keep the first few of them, or keep names with torn contents.
 */
export class MemoryDisk {
  #durable: Tree;
  #pending: Effect[];
  #current: Tree;

  constructor(snapshot: DiskSnapshot = { durable: new Map([['', directory('')]]), pending: [] }) {
    this.#durable = snapshot.durable;
    this.#pending = [...snapshot.pending];
    this.#current = this.#pending.reduce(apply, this.#durable);
  }

  /** The state now; later calls do not change it. */
  snapshot(): DiskSnapshot {
    return { durable: this.#durable, pending: [...this.#pending] };
  }

  /** Puts something there durably, with its parents; for building a machine, not for the agent. */
  place(components: readonly string[], content: DiskContent): void {
    const tree = new Map(this.#durable);
    for (const [at, name] of components.entries()) {
      const key = keyOf(components.slice(0, at + 1));
      if (at < components.length - 1 && !tree.has(key)) tree.set(key, directory(name));
    }
    const bytes = content.bytes ?? nothing;
    const name = components.at(-1) ?? '';
    const { kind = 'file', writtenAtMs = 0 } = content;
    tree.set(keyOf(components), { name, kind, bytes, writtenAtMs, durableBytes: bytes.length });
    this.#durable = tree;
    this.#current = this.#pending.reduce(apply, tree);
  }

  find({ components }: ParsedPath): DirectoryEntry | undefined {
    const node = this.#findNode(components);
    return node && entryOf(node);
  }

  list({ components }: ParsedPath): readonly DirectoryEntry[] | undefined {
    if (this.#findNode(components)?.kind !== 'directory') return undefined;
    return this.#children(keyOf(components)).map(entryOf).sort(compareNames);
  }

  read({ components }: ParsedPath, offset: number, lengthBytes: number): Uint8Array {
    return this.#getFile(components).bytes.slice(offset, offset + lengthBytes);
  }

  create({ components }: ParsedPath, bytes: Uint8Array, writtenAtMs: number): void {
    this.#checkPlaceForNew(components);
    const node = {
      name: components.at(-1)!,
      kind: 'file',
      bytes: bytes.slice(),
      writtenAtMs,
      durableBytes: 0,
    } as const;
    this.#do({ kind: 'put', key: keyOf(components), node });
  }

  append({ components }: ParsedPath, bytes: Uint8Array, writtenAtMs: number): void {
    if (!this.#findNode(components)) return this.create({ drive: '', components }, bytes, writtenAtMs);
    const old = this.#getFile(components);
    const node = { ...old, bytes: new Uint8Array([...old.bytes, ...bytes]), writtenAtMs };
    this.#do({ kind: 'put', key: keyOf(components), node });
  }

  makeDirectory({ components }: ParsedPath): void {
    for (const at of components.keys()) {
      const parent = components.slice(0, at + 1);
      const node = this.#findNode(parent);
      if (node && node.kind !== 'directory')
        throw fileError('not-a-directory', `${node.name} is no directory`);
      if (!node) this.#do({ kind: 'put', key: keyOf(parent), node: directory(components[at]!) });
    }
  }

  rename(from: ParsedPath, to: ParsedPath, replace: boolean): void {
    const node = this.#getFile(from.components);
    const [fromKey, toKey] = [keyOf(from.components), keyOf(to.components)];
    if (fromKey !== toKey) {
      const taken = this.#findNode(to.components);
      if (taken && !(replace && taken.kind === 'file'))
        throw fileError('already-exists', `${taken.name} is there`);
      if (!taken) this.#checkPlaceForNew(to.components);
    }
    this.#do({ kind: 'move', from: fromKey, to: toKey, name: to.components.at(-1) ?? node.name });
  }

  link(from: ParsedPath, to: ParsedPath): void {
    const node = this.#getFile(from.components);
    this.#checkPlaceForNew(to.components);
    this.#do({ kind: 'put', key: keyOf(to.components), node: { ...node, name: to.components.at(-1)! } });
  }

  remove({ components }: ParsedPath): void {
    const node = this.#findNode(components);
    if (!node || components.length === 0) throw absent(components);
    const key = keyOf(components);
    if (node.kind === 'directory' && this.#children(key).length > 0)
      throw fileError('not-empty', `${node.name} is not empty`);
    this.#do({ kind: 'drop', key });
  }

  flush(): void {
    const flushed = (node: DiskNode) => ({ ...node, durableBytes: node.bytes.length });
    if (this.#pending.length > 0)
      this.#durable = new Map([...this.#current].map(([key, node]) => [key, flushed(node)]));
    this.#current = this.#durable;
    this.#pending = [];
  }

  #do(effect: Effect): void {
    this.#pending.push(effect);
    this.#current = apply(this.#current, effect);
  }

  #findNode(components: readonly string[]): DiskNode | undefined {
    for (const at of components.keys()) {
      const node = this.#current.get(keyOf(components.slice(0, at)));
      if (node?.kind !== 'directory') return undefined;
    }
    return this.#current.get(keyOf(components));
  }

  #children(key: string): DiskNode[] {
    const prefix = key === '' ? '' : `${key}\\`;
    const isChild = (one: string) =>
      one !== '' && one.startsWith(prefix) && !one.includes('\\', prefix.length);
    return [...this.#current].filter(([one]) => isChild(one)).map(([, node]) => node);
  }

  #getFile(components: readonly string[]): DiskNode {
    const node = this.#findNode(components);
    if (!node) throw absent(components);
    if (node.kind !== 'file') throw fileError('not-a-file', `${node.name} is a ${node.kind}`);
    return node;
  }

  #checkPlaceForNew(components: readonly string[]): void {
    const taken = this.#findNode(components);
    if (taken) throw fileError('already-exists', `${taken.name} is there`);
    if (this.#findNode(components.slice(0, -1))?.kind !== 'directory') throw absent(components.slice(0, -1));
  }
}

/**
 * Every distinct state a power cut may leave: each prefix of what was not flushed, with the contents written since
 * whole, cut in half or zeroed (NTFS keeps names in order but not contents).
 */
export function listPowerCutStates(snapshot: DiskSnapshot): MemoryDisk[] {
  const disks: MemoryDisk[] = [];
  for (let kept = 0; kept <= snapshot.pending.length; kept++) {
    const effects = snapshot.pending.slice(0, kept);
    const tears = effects.some(hasUnflushedContents) ? [whole, half, zeroed] : [whole];
    for (const tear of tears) {
      const torn = effects.map(effect =>
        effect.kind === 'put' ? { ...effect, node: tear(effect.node) } : effect,
      );
      const tree = torn.reduce(apply, snapshot.durable);
      disks.push(new MemoryDisk({ durable: tree, pending: [] }));
    }
  }
  return disks;
}

const hasUnflushedContents = (effect: Effect) =>
  effect.kind === 'put' && effect.node.durableBytes < effect.node.bytes.length;

const whole = (node: DiskNode): DiskNode => ({ ...node, durableBytes: node.bytes.length });
const half = (node: DiskNode): DiskNode => {
  const lengthBytes = node.durableBytes + ((node.bytes.length - node.durableBytes) >> 1);
  return { ...node, bytes: node.bytes.slice(0, lengthBytes), durableBytes: lengthBytes };
};
const zeroed = (node: DiskNode): DiskNode => ({
  ...node,
  bytes: node.bytes.slice().fill(0, node.durableBytes),
  durableBytes: node.bytes.length,
});

function apply(tree: Tree, effect: Effect): Tree {
  const next = new Map(tree);
  switch (effect.kind) {
    case 'put':
      return next.set(effect.key, effect.node);
    case 'drop':
      next.delete(effect.key);
      return next;
    case 'move': {
      const node = tree.get(effect.from);
      next.delete(effect.from);
      return node ? next.set(effect.to, { ...node, name: effect.name }) : next;
    }
    default:
      return effect satisfies never;
  }
}

function directory(name: string): DiskNode {
  return { name, kind: 'directory', bytes: nothing, writtenAtMs: 0, durableBytes: 0 };
}

const absent = (components: readonly string[]) =>
  fileError('not-found', `\\${components.join('\\')} is not there`);
