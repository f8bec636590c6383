import { readEvidence } from '../../../shared/evidence/read-evidence.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { makeEventLogExtract } from '../../../shared/eventlog/make-event-log-extract.ts';
import { readOrigin } from '../../../shared/portable-executable/origin.ts';
import { readPortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';
import { walkDrivers } from '../../core/collect/drivers.ts';
import { type DumpFile, listDumpFiles } from '../../core/collect/dump-files.ts';
import { hostSource } from '../../core/collect/host-source.ts';
import { collectBootLog } from '../../core/collect/logs.ts';
import { readHive } from '../../core/collect/read-hive.ts';
import { readPart } from '../../core/collect/read-part.ts';
import { collectRegistry } from '../../core/collect/registry.ts';
import type { FoundWindows } from '../../core/found-windows.ts';
import { joinPath, nameOfPath } from '../../core/windows-path.ts';
import type { Host } from '../../host/host.ts';
import { mega } from '../recovery-environment.ts';
import { countWifiProfiles } from '../readiness/find-wifi.ts';
import { type FieldStep, judged, markOf, notTried, onWindows, onWindowsAtRest, seen } from './field-step.ts';

const markBytes = 8;
const mostNamed = 20;
const largestEventLogBytes = 128 * 1024 * 1024;

/** What lies on the Windows volume and is read for facts. */
export const evidenceSteps: readonly FieldStep[] = [
  {
    step: 'hives',
    claim: 'SYSTEM and SOFTWARE are read in place within the heap',
    run: onWindowsAtRest((host, windows, { peakBytes }) => {
      const startedAtMs = host.clock.monotonicMs();
      const { system, software } = collectRegistry(host, windows);
      const tookMs = Math.round(host.clock.monotonicMs() - startedAtMs);
      const peak = peakBytes?.();
      const hives = ['SYSTEM', 'SOFTWARE'].map(name => {
        const entry = windows.find(joinPath(windows.windowsDirectory, 'System32', 'config', name));
        return [name, entry?.kind === 'file' ? entry.sizeBytes : 'absent'] as const;
      });
      const details = {
        sizeBytes: Object.fromEntries(hives),
        system: system.state,
        software: software.state,
        services: system.content?.services.length ?? 'unread',
        updates: software.content?.updates.length ?? 'unread',
        packagesThatWait: software.content?.unfinished.pending.length ?? 'unread',
        installLanguage: readInstallLanguage(host, windows) ?? 'unread',
        tookMs,
        peakBytes: peak ?? 'not counted',
      };
      const words = `${system.state} and ${software.state}, ${tookMs} ms${peak === undefined ? '' : `, heap up to ${mega(peak)}`}`;
      return judged(system.content !== undefined && software.content !== undefined, words, details);
    }),
  },
  {
    step: 'dumps',
    claim: 'A crash is found where it was left',
    run: onWindowsAtRest((host, windows) => {
      const { system } = collectRegistry(host, windows);
      const files = listDumpFiles(host, windows, system.content?.crashControl);
      const found = files.map(file => ({ ...describeDump(host, windows, file), sizeBytes: file.sizeBytes }));
      const hibernation = windows.find(joinPath(windows.root, 'hiberfil.sys'));
      const crashes = found.flatMap(one => ('crash' in one ? [`${one.where}: ${one.crash}`] : []));
      return seen(crashes.join(', ') || 'none here', {
        found,
        hibernation: hibernation ? markIn(host, joinPath(windows.root, 'hiberfil.sys')) : 'not there',
      });
    }),
  },
  {
    step: 'logs',
    claim: 'Boot log, Startup Repair log and events are read in this language',
    run: onWindowsAtRest((host, windows) => {
      const bootLog = describeBootLog(host, windows);
      const repair = describeRepair(host, windows);
      const events = describeEvents(host, windows);
      const words = `boot log ${bootLog.state}, repair log ${repair.state}, events ${events.state}`;
      return seen(words, { bootLog, repair, events });
    }),
  },
  {
    step: 'drivers',
    claim: 'Drivers say whose they are, what they are called and of which build',
    run: onWindows((host, windows) => describeDrivers(host, windows)),
  },
  {
    step: 'wifi-profiles',
    claim: 'Wireless profiles of Windows say what they ask for',
    run: onWindows((host, { root }) => {
      const { profiles, enterprise, password } = countWifiProfiles(host, root);
      if (profiles === 0) return notTried('this Windows knows no wireless network');
      return seen(`${profiles}: ${enterprise} with 802.1X, ${password} with a password`, {
        profiles,
        enterprise,
        password,
      });
    }),
  },
];

/** The language that Windows was installed in, as its number: logs of Startup Repair are written in it. */
function readInstallLanguage(host: Host, windows: FoundWindows): string | undefined {
  const { content } = readHive(host, windows, 'SYSTEM', hive => {
    const { path } = readControlSets(hive);
    const reader = new RegistryReader(hive);
    return path === null
      ? null
      : reader.findText(hive.findKey(`${path}\\Control\\Nls\\Language`), 'InstallLanguage');
  });
  return content ?? undefined;
}

function describeDump(
  host: Host,
  { root, windowsDirectory }: FoundWindows,
  { path, sizeBytes, isPageFile }: DumpFile,
) {
  const name = nameOfPath(path).toLowerCase();
  const isHere = [root, windowsDirectory].some(one => path.toLowerCase().startsWith(one.toLowerCase()));
  const where = isPageFile
    ? 'page file'
    : name.endsWith('.tmp')
      ? 'DUMP*.tmp'
      : name === 'memory.dmp'
        ? 'MEMORY.DMP'
        : name.endsWith('.dmp') && isHere
          ? 'minidump'
          : 'dedicated file';
  const read = readCrashDump(hostSource(host.files, path, sizeBytes));
  return {
    where,
    mark: markIn(host, path),
    ...(read.ok
      ? { crash: read.dump.bugcheck.code, format: read.dump.format }
      : { problem: read.problem.code }),
  };
}

const markIn = (host: Host, path: string) => markOf(host.files.read(path, 0, markBytes));

function describeBootLog(host: Host, windows: FoundWindows) {
  const collected = collectBootLog(host, windows, undefined);
  if (!collected) return { state: 'not there' };
  if (!collected.log) return { state: 'not read' };
  const { boots, problems, encoding } = collected.log;
  const newest = boots.at(-1);
  const counts = { loaded: newest?.loaded.length ?? 0, notLoaded: newest?.notLoaded.length ?? 0 };
  return {
    state: 'read',
    encoding,
    starts: boots.length,
    ...counts,
    problems: problems.map(({ code }) => code),
  };
}

function describeRepair(host: Host, windows: FoundWindows) {
  const path = joinPath(windows.windowsDirectory, 'System32', 'LogFiles', 'Srt', 'SrtTrail.txt');
  const file = readPart(host, path, { from: 'tail', mostBytes: 512 * 1024 });
  if (!file) return { state: 'not there' };
  const read = readEvidence('startup-repair-log', file.bytes);
  if (!read.ok) return { state: 'not read', problem: read.problem.code };
  const { sessions, problems, encoding } = read.reading;
  const newest = sessions.at(-1);
  const counts = { tests: newest?.tests.length ?? 0, rootCauses: newest?.rootCauses.length ?? 0 };
  return {
    state: 'read',
    encoding,
    sessions: sessions.length,
    ...counts,
    problems: problems.map(({ code }) => code),
  };
}

function describeEvents(host: Host, windows: FoundWindows) {
  const path = joinPath(windows.windowsDirectory, 'System32', 'winevt', 'Logs', 'System.evtx');
  const entry = windows.find(path);
  if (entry?.kind !== 'file') return { state: 'not there' };
  if (entry.sizeBytes > largestEventLogBytes) return { state: 'too large' };
  const made = makeEventLogExtract(hostSource(host.files, path, entry.sizeBytes), 8);
  return made.ok
    ? { state: 'read', sizeBytes: entry.sizeBytes, partBytes: made.bytes.length }
    : { state: 'not read' };
}

/** Names of Microsoft's own files are no secret; drivers of others are only counted. */
function describeDrivers(host: Host, windows: FoundWindows) {
  const kernel = windows.open(joinPath(windows.windowsDirectory, 'System32', 'ntoskrnl.exe'));
  const kernelRead = kernel && readPortableExecutable(kernel);
  const buildOf = (version: string | null) => version?.split('.').slice(0, 3).join('.');
  const build = kernelRead?.ok ? buildOf(kernelRead.image.fileVersion) : undefined;
  const counts = { microsoft: 0, other: 0, unknown: 0 };
  const otherName: string[] = [];
  const otherBuild: string[] = [];
  const files = walkDrivers(windows).files.filter(({ path }) => /\.sys$/i.test(path));
  for (const { path, entry } of files) {
    if (entry.kind !== 'file') continue;
    const source = hostSource(host.files, path, entry.sizeBytes);
    const origin = readOrigin(source);
    counts[origin]++;
    const read = origin === 'microsoft' ? readPortableExecutable(source) : undefined;
    if (!read?.ok) continue;
    const name = nameOfPath(path).toLowerCase();
    if (read.image.originalName?.toLowerCase() !== name) otherName.push(name);
    if (buildOf(read.image.fileVersion) !== build) otherBuild.push(name);
  }
  const words = `${counts.microsoft} of Microsoft, ${counts.other} of others, ${counts.unknown} not to be told`;
  return seen(words, {
    ...counts,
    kernelBuild: build ?? 'unread',
    namedOtherwise: { count: otherName.length, names: otherName.slice(0, mostNamed) },
    ofAnotherBuild: { count: otherBuild.length, names: otherBuild.slice(0, mostNamed) },
  });
}
