import { textOfUtf16 } from '../../shared/bytes/utf16.ts';
import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import type { BootStatusData } from '../../shared/bootlog/boot-status.ts';
import { readBootStatus } from '../../shared/bootlog/read-boot-status.ts';
import { readRecoveryAgentConfiguration } from '../../shared/winre/recovery-agent-configuration.ts';
import { type Host, HostError, type StartReason } from '../host/host.ts';
import { findWindows, type FoundWindows } from './found-windows.ts';
import { readImageSettings } from './image-settings.ts';
import { readTurnMarker } from './turn-marker.ts';
import { joinPath } from './windows-path.ts';

const maxFileBytes = 128 * 1024;
/** ReAgent.xml lies on the recovery partition and, while WinRE is off, in Windows. */
const configurationPlaces = ['Recovery\\WindowsRE\\ReAgent.xml', 'Windows\\System32\\Recovery\\ReAgent.xml'];

/**
 * Why the recovery environment runs, from a few small files; no network and no write. Windows documents no answer, so
 * only what clearly says "ours" counts: a rescue image, our marker, or a start that Windows itself counts as failed
 * while nothing else was scheduled. Reset, a remote wipe, a technician and everything unreadable are `other`.
 */
export function readStartReason(host: Host): StartReason {
  const known = host.machine.readStartReason();
  if (known) return known;
  if (readImageSettings(host)?.purpose === 'rescue')
    return { kind: 'marker', ...countersOf(readStatus(host)) };
  const roots = host.machine
    .listVolumes()
    .filter(one => one.bitLocker !== 'locked')
    .map(one => one.root);
  for (const root of roots) {
    const marker = orUndefined(() => readTurnMarker(host, root));
    // Ours comes first: asking for one start of WinRE may itself leave a scheduled operation.
    if (marker?.kind === 'value') return { kind: marker.value.kind, ...countersOf(readStatus(host)) };
  }
  if (roots.some(root => hasScheduledOperation(host, root))) return { kind: 'other' };
  const found = orUndefined(() => findWindows(host));
  if (!found?.ok) return { kind: 'other', unclear: found?.problem.message ?? 'The disks cannot be read.' };
  const status = readStatusOf(host, found.windows);
  if (!status) return { kind: 'other', unclear: 'Windows left no word on how its last start went.' };
  if (status.wasLastStartGood) return { kind: 'other', ...countersOf(status) };
  return { kind: 'failed-boot', ...countersOf(status) };
}

/** Something else was asked of the recovery environment; a file that is there and cannot be read counts as that. */
function hasScheduledOperation(host: Host, root: string): boolean {
  return configurationPlaces.some(place => {
    const path = joinPath(root, place);
    if (orUndefined(() => host.files.find(path))?.kind !== 'file') return false;
    const bytes = readSmall(host, path);
    const configuration = bytes && readRecoveryAgentConfiguration(textOf(bytes));
    return configuration?.hasScheduledOperation ?? true;
  });
}

/** How the last start of the Windows that fails went, as its loader and kernel left it. */
function readStatus(host: Host): BootStatusData | undefined {
  const found = orUndefined(() => findWindows(host));
  return found?.ok ? readStatusOf(host, found.windows) : undefined;
}

function readStatusOf(host: Host, { windowsDirectory }: FoundWindows): BootStatusData | undefined {
  const bytes = readSmall(host, joinPath(windowsDirectory, 'bootstat.dat'));
  const read = bytes && readBootStatus(bytes);
  if (!read?.ok || read.log.problems.some(({ code }) => code === 'cut-off')) return undefined;
  return read.log.status ?? undefined;
}

/**
 * What changes when Windows was tried again. The kernel writes its last moment alive: after a start that never got so
 * far it is that of the last good session, and everything newer is of the failed ones.
 */
function countersOf(
  status: BootStatusData | undefined,
): Pick<StartReason, 'failedStarts' | 'lastFailedAtMs'> {
  if (!status) return {};
  const { startNumber, lastCleanStopNumber, lastAliveAt } = status;
  const sinceCleanStop =
    startNumber === null || lastCleanStopNumber === null ? undefined : startNumber - lastCleanStopNumber;
  const aliveAtMs = lastAliveAt === null ? Number.NaN : Date.parse(lastAliveAt);
  return {
    ...(sinceCleanStop !== undefined && sinceCleanStop > 0 && { failedStarts: sinceCleanStop }),
    ...(Number.isFinite(aliveAtMs) && aliveAtMs > 0 && { lastFailedAtMs: aliveAtMs }),
  };
}

/** A whole small file; undefined when it is absent, larger or the disk does not give it. */
function readSmall(host: Host, path: string): Uint8Array | undefined {
  return orUndefined(() => {
    const entry = host.files.find(path);
    if (entry?.kind !== 'file' || entry.sizeBytes > maxFileBytes) return undefined;
    return host.files.read(path, 0, maxFileBytes);
  });
}

const textOf = (bytes: Uint8Array): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? textOfUtf16(bytes.subarray(2)) : textOfUtf8(bytes).text;

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
