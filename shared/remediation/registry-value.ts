import type { Hive } from '../registry/hive.ts';
import { foldName } from '../registry/record-name.ts';
import { nameOfType } from '../registry/value-type.ts';
import { findStartSets, type HiveName, type OfflineRegistry } from './offline-registry.ts';
import { contentOf, printContent } from './registry-content.ts';
import type { RegistryContent, RegistryKey, RegistryValue } from './tree-parts.ts';

/** What stands in one place that a script names. */
export type FoundValue =
  | { readonly kind: 'no-key' | 'no-value' }
  | { readonly kind: 'value'; readonly type: number; readonly content: RegistryContent | undefined };

/** A value in each key that its place means; `CurrentControlSet` can mean two. */
export type FoundValues =
  | { readonly ok: true; readonly places: readonly { readonly key: string; readonly found: FoundValue }[] }
  | { readonly ok: false; readonly reason: string };

const mostBytes = 64 * 1024;

/** A hive, and the paths in it that a key of a script means. */
export type FoundKeys =
  | { readonly ok: true; readonly hive: Hive; readonly keys: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Finds what a script calls a key in the hives as the next start will see them, whether it is there or not. */
export function findKeys(registry: OfflineRegistry, { hive: name, key }: RegistryKey): FoundKeys {
  const opened = registry.open(name);
  if (!opened.ok) return opened;
  const { hive } = opened.recovered;
  const [first = '', ...rest] = key.split('\\');
  if (name !== 'SYSTEM' || first !== 'CurrentControlSet') return { ok: true, hive, keys: [key] };
  const found = findStartSets(registry);
  return found.ok ? { ok: true, hive, keys: found.sets.map(set => [set, ...rest].join('\\')) } : found;
}

/** A key of a hive and those above it, as far as they are missing, the uppermost first. */
export function listMissingKeys(registry: OfflineRegistry, name: HiveName, key: string): readonly string[] {
  const opened = registry.open(name);
  const parts = key.split('\\');
  return parts
    .map((_, at) => parts.slice(0, at + 1).join('\\'))
    .filter(path => opened.ok && !opened.recovered.hive.findKey(path));
}

/** Finds what a script calls `registry KEY value NAME`. */
export function findValues(registry: OfflineRegistry, value: RegistryValue): FoundValues {
  const meant = findKeys(registry, value);
  if (!meant.ok) return meant;
  const { hive, keys } = meant;
  const places = keys.map(key => ({ key, found: findOne(hive, key, value.name) }));
  return hive.problems.length === 0
    ? { ok: true, places }
    : { ok: false, reason: `The hive ${value.hive} is damaged: ${hive.problems[0]!.message}.` };
}

function findOne(hive: Hive, path: string, name: string): FoundValue {
  const key = hive.findKey(path);
  if (!key) return { kind: 'no-key' };
  const value = hive.findValue(key, name);
  if (!value) return { kind: 'no-value' };
  const data = hive.dataOf(value, mostBytes);
  return { kind: 'value', type: value.type, content: contentOf(value.type, data) };
}

/** A list of texts in each key that its place means, and whether it has an entry. */
export type FoundEntries =
  | { readonly ok: true; readonly places: readonly { readonly key: string; readonly isListed: boolean }[] }
  | { readonly ok: false; readonly reason: string };

/** Finds whether lists have an entry; a value that is absent has none, and one that is no list cannot be told. */
export function findEntryPlaces(
  registry: OfflineRegistry,
  value: RegistryValue,
  entry: string,
): FoundEntries {
  const found = findValues(registry, value);
  if (!found.ok) return found;
  const places: { readonly key: string; readonly isListed: boolean }[] = [];
  for (const { key, found: one } of found.places) {
    const texts = one.kind !== 'value' ? [] : one.content?.kind === 'texts' ? one.content.texts : undefined;
    if (!texts)
      return { ok: false, reason: `${value.name} of ${key} is ${sayFound(one)}, not a list of texts.` };
    places.push({ key, isListed: texts.some(text => foldName(text) === foldName(entry)) });
  }
  return { ok: true, places };
}

/** What stands there, in words. */
export function sayFound(found: FoundValue): string {
  if (found.kind !== 'value') return 'absent';
  return found.content ? printContent(found.content) : `a ${nameOfType(found.type)}`;
}
