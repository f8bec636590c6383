import { readControlSets } from '../../../shared/registry/control-sets.ts';
import type { Hive } from '../../../shared/registry/hive.ts';
import { packagesPath } from '../../../shared/registry/packages.ts';
import { readUpdates } from '../../../shared/registry/updates.ts';
import { decodeNumber, decodeText, isText } from '../../../shared/registry/value-type.ts';
import { findOpenValue, type NamedValue } from '../../../shared/rules/open-registry.ts';
import type { Probe } from '../../../shared/wire/answer.ts';
import type { Host } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';
import type { FactRecord } from './collected.ts';
import { readHive } from './read-hive.ts';
import { holdsAtMost, mostPackages } from './registry.ts';

const longestText = 200;
const mostBytes = 4096;

/** Answers what is asked of the registry; each hive is opened once, and only when something of it is asked. */
export function answerRegistryProbes(
  host: Host,
  windows: FoundWindows,
  probes: readonly Probe[],
): FactRecord {
  // The server asked; whether it may is decided here again, by the same rule.
  const values = probes.flatMap(probe => {
    const value = probe.kind === 'registry' ? findOpenValue(probe.fact) : undefined;
    return value && probe.kind === 'registry' ? [{ fact: probe.fact.toLowerCase(), value }] : [];
  });
  const updates = probes.flatMap(probe => (probe.kind === 'update' ? [probe.update.toLowerCase()] : []));
  const facts: FactRecord = {};
  for (const name of ['SYSTEM', 'SOFTWARE'] as const) {
    const ours = values.filter(({ value }) => value.hive === name);
    const asked = name === 'SOFTWARE' ? updates : [];
    if (ours.length + asked.length === 0) continue;
    const read = readHive(host, windows, name, hive => ({
      ...factsOfValues(hive, ours),
      ...factsOfUpdates(hive, asked),
    }));
    Object.assign(facts, read.content);
  }
  return facts;
}

function factsOfValues(
  hive: Hive,
  asked: readonly { readonly fact: string; readonly value: NamedValue }[],
): FactRecord {
  const facts: FactRecord = {};
  for (const { fact, value } of asked) {
    const set = value.hive === 'SYSTEM' ? readControlSets(hive).path : '';
    const told = set === null ? undefined : tellValue(hive, set, value);
    if (told !== undefined) facts[fact] = told;
  }
  return facts;
}

/** A value as scripts write it; what is neither a number nor a short text stays unknown. */
function tellValue(hive: Hive, set: string, { key: path, name }: NamedValue): string | undefined {
  const key = hive.findKey(`${set}\\${path}`);
  const value = key && hive.findValue(key, name);
  if (!value) return hive.problems.length === 0 ? 'absent' : undefined;
  const data = hive.dataOf(value, mostBytes);
  const number = decodeNumber(value.type, data);
  if (number !== undefined) return `number ${number}`;
  const text = isText(value.type) ? decodeText(data) : undefined;
  return text !== undefined && text.length <= longestText ? `text ${text}` : undefined;
}

/** States of updates; one that is not there is absent only where the whole list was read. */
function factsOfUpdates(hive: Hive, asked: readonly string[]): FactRecord {
  if (asked.length === 0 || !holdsAtMost(hive, packagesPath, mostPackages)) return {};
  const { updates, isWhole } = readUpdates(hive);
  const isAbsent = isWhole && hive.problems.length === 0;
  const facts: FactRecord = {};
  for (const name of asked) {
    const update = updates.find(one => one.name === name);
    if (update || isAbsent) facts[`update.${name}`] = update?.state ?? 'absent';
    if (update && update.installedAt !== null) facts[`update.${name}.installedAt`] = update.installedAt;
  }
  return facts;
}
