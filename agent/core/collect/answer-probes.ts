import { factOfFile } from '../../../shared/facts/fact-of-file.ts';
import { matchesGlob } from '../../../shared/facts/glob.ts';
import { findPlace, pathOfPlace } from '../../../shared/facts/place.ts';
import type { DirectoryEntry } from '../../../shared/facts/volume-view.ts';
import { isOpenPlace } from '../../../shared/rules/probes.ts';
import type { Probe } from '../../../shared/wire/answer.ts';
import { type Host, HostError } from '../../host/host.ts';
import { type FoundWindows, hashFile } from '../found-windows.ts';
import { joinPath } from '../windows-path.ts';
import type { FactRecord } from './collected.ts';
import { answerRegistryProbes } from './answer-registry-probes.ts';
import { readablePartOf } from './readable-part.ts';
import { factOfDriverFile, factsOfDriver, type KnownDrivers, maxHashedBytes } from './drivers.ts';

const maxFilesOfProbe = 64;
const maxHashesOfProbe = 4;

/** Answers what the server would like to know, with facts alone. What it may not ask stays unknown. */
export function answerProbes(
  host: Host,
  windows: FoundWindows,
  known: KnownDrivers,
  probes: readonly Probe[],
): FactRecord {
  const facts: FactRecord = answerRegistryProbes(host, windows, probes);
  const globs = new Map<string, boolean>();
  for (const probe of probes) {
    if (probe.kind === 'files')
      globs.set(probe.glob, (globs.get(probe.glob) ?? false) || probe.hash === true);
    else if (probe.kind === 'driver-version') {
      const seen = readablePartOf(host, windows);
      Object.assign(
        facts,
        factsOfDriver(seen.host, seen.windows, known, probe.driver),
        factOfDriverFile(seen.host, seen.windows, known, probe.driver),
      );
    }
  }
  const hash = (path: string) => hashFile(host, path);
  for (const [glob, isHashed] of globs)
    Object.assign(facts, searchFiles(windows, glob, isHashed ? hash : undefined));
  return facts;
}

/** Files of one folder whose name fits; the wildcard stands in the last part only. The newest few are hashed on demand. */
function searchFiles(
  windows: FoundWindows,
  glob: string,
  hash: ((path: string) => string | undefined) | undefined,
): FactRecord {
  // The server asked; whether it may is decided here again, by the same rule.
  if (!isOpenPlace(glob)) return {};
  const [placeText = '', ...parts] = glob.split('\\');
  const place = findPlace(placeText);
  const pattern = parts.pop();
  if (!place || pattern === undefined || !parts.every(isPlainName)) return {};

  let folder = `${pathOfPlace(windows, place)}\\`;
  let listed: readonly DirectoryEntry[] | undefined;
  try {
    for (const part of ['', ...parts]) {
      if (part !== '') folder = joinPath(folder, part);
      const entry = windows.find(folder);
      if (!entry) return { [`searched.${glob.toLowerCase()}`]: { files: 0 } };
      if (entry.kind !== 'directory') return {};
    }
    listed = windows.list(folder);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
  // A folder that cannot be read tells nothing, least of all that it is empty.
  if (!listed) return {};
  const found = listed
    .filter(entry => entry.kind === 'file' && matchesGlob(pattern, entry.name))
    .sort((a, b) => b.writtenAtMs - a.writtenAtMs);
  const facts: FactRecord = {};
  let hashesLeft = maxHashesOfProbe;
  for (const entry of found.slice(0, maxFilesOfProbe)) {
    const path = joinPath(folder, entry.name);
    const isHashed = hash !== undefined && entry.sizeBytes <= maxHashedBytes && hashesLeft-- > 0;
    Object.assign(facts, factOfFile(windows, path, entry, isHashed ? hash(path) : undefined));
  }
  const firstLeftOut = found[maxFilesOfProbe];
  const search = firstLeftOut
    ? { files: found.length, writtenSince: new Date(firstLeftOut.writtenAtMs + 1).toISOString() }
    : { files: found.length };
  return { ...facts, [`searched.${glob.toLowerCase()}`]: search };
}

const isPlainName = (part: string) => !/[<>:"/|?*]|^\.*$|[. ]$/.test(part);
