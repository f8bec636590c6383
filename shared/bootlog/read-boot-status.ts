import { printable } from '../bytes/printable.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { instantOfFileTime } from '../registry/file-time.ts';
import type { BootStatusData, BootStatusEntry, BootStatusProblem, BootStatusResult } from './boot-status.ts';
import { localTimeOf } from './log-time.ts';

/**
 * Layouts. The status: bootstatus.h of Windows XP for the first 12 bytes, for the rest the order of RTL_BSD_ITEM_TYPE in
 * the public headers of phnt. The log: "The Boot Status Data Log" by Geoff Chappell for version 2; versions 3 and 4 from
 * real files of Windows 10 and 11, where the log is a ring.
 */
const statusBytes = 0x800;
const logBytes = 0x10000;
const logVersions = [2, 3, 4];
const entryHeaderBytes = 0x28;
/** As much of the header as is read; version 2 ends four bytes earlier. */
const logHeaderBytes = 20;
const maxPathCharacters = 260;
const productTypes = [null, 'workstation', 'domain-controller', 'server'] as const;

const events: Readonly<Record<number, BootStatusEntry['event']>> = {
  0x01: 'log-started',
  0x11: 'application-launched',
  0x12: 'application-returned',
  0x13: 'application-not-loaded',
  0x14: 'boot-configuration-failed',
  0x15: 'nothing-to-start',
  0x16: 'general-failure',
};

/**
 * Reads bootstat.dat: of `\Windows` the status of the last start with the log behind it, of the EFI partition the log of
 * the boot manager. At most 66 KiB are looked at. Never throws.
 */
export function readBootStatus(bytes: Uint8Array): BootStatusResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problems: BootStatusProblem[] = [];
  const isLogAt = (offset: number) =>
    offset + logHeaderBytes <= bytes.length &&
    logVersions.includes(view.getUint32(offset, true)) &&
    view.getUint32(offset + 8, true) === logBytes;
  if (isLogAt(0)) {
    const log = { status: null, entries: readEntries(bytes, view, 0, problems), problems };
    return { ok: true, log: { format: 'boot-status', ...log } };
  }
  const status = readStatus(view);
  if (!status) {
    const message = 'neither a boot status nor the log of a boot manager begins here';
    return { ok: false, problem: { code: 'not-a-boot-status', message, offset: 0 } };
  }
  if (bytes.length < statusBytes + logHeaderBytes) {
    const message = `the file has ${bytes.length} bytes; its log would begin at ${statusBytes}`;
    problems.push({ code: 'cut-off', message, offset: bytes.length });
    return { ok: true, log: { format: 'boot-status', status, entries: [], problems } };
  }
  if (!isLogAt(statusBytes)) {
    const message = 'the log behind the status is of no version that is known (2 to 4)';
    problems.push({ code: 'version-not-covered', message, offset: statusBytes });
    return { ok: true, log: { format: 'boot-status', status, entries: [], problems } };
  }
  const entries = readEntries(bytes, view, statusBytes, problems);
  return { ok: true, log: { format: 'boot-status', status, entries, problems } };
}

function readStatus(view: DataView): BootStatusData | undefined {
  if (view.byteLength < 12) return undefined;
  const sizeBytes = view.getUint32(0, true);
  const productType = view.getUint32(4, true);
  const [wasGood, wasClean] = [view.getUint8(10), view.getUint8(11)];
  const isPlausible = sizeBytes >= 12 && sizeBytes <= statusBytes && productType <= 3;
  if (!isPlausible || wasGood > 1 || wasClean > 1) return undefined;
  const has = (end: number) => sizeBytes >= end && view.byteLength >= end;
  const u32 = (at: number) => (has(at + 4) ? view.getUint32(at, true) || null : null);
  const instant = (at: number) => instantOfFileTime(has(at + 8) ? view.getBigUint64(at, true) : undefined);
  return {
    sizeBytes,
    productType: productTypes[productType] ?? null,
    wasLastStartGood: wasGood === 1,
    wasLastStopClean: wasClean === 1,
    wasAsleep: has(13) ? view.getUint8(12) !== 0 : null,
    powerButtonPressedAt: instant(0x10),
    lastAliveAt: instant(0x20),
    startAttempts: has(0x31) ? view.getUint8(0x30) : null,
    startNumber: u32(0x34),
    lastCleanStopNumber: u32(0x38),
    reportedAbnormalStopNumber: u32(0x3c),
  };
}

/** Entries of the log at `base`, newest first. */
function readEntries(
  bytes: Uint8Array,
  view: DataView,
  base: number,
  problems: BootStatusProblem[],
): BootStatusEntry[] {
  const end = Math.min(base + logBytes, bytes.length);
  if (end < base + logBytes) {
    const message = `the log has ${end - base} of its ${logBytes} bytes`;
    problems.push({ code: 'cut-off', message, offset: end });
  }
  const headerBytes = view.getUint32(base + 4, true);
  if (headerBytes < 16 || headerBytes > 64) {
    const message = `a header of ${headerBytes} bytes is not one of a boot log`;
    problems.push({ code: 'entry-broken', message, offset: base + 4 });
    return [];
  }
  // Full, the log is written again from its beginning: the oldest entry then lies behind the newest one.
  const written = base + view.getUint32(base + 12, true);
  const oldest = headerBytes >= 20 ? base + view.getUint32(base + 16, true) : 0;
  const first = base + headerBytes;
  const isRing = written > first && oldest >= written && oldest < end;
  const stretches = isRing
    ? [
        { from: oldest, to: end },
        { from: first, to: written },
      ]
    : [{ from: first, to: end }];
  const entries: BootStatusEntry[] = [];
  for (const { from, to } of stretches) {
    let at = from;
    while (at + entryHeaderBytes <= to) {
      const sizeBytes = view.getUint32(at + 0x18, true);
      if (sizeBytes === 0) break;
      if (sizeBytes < entryHeaderBytes || sizeBytes > to - at) {
        const message = `an entry of ${sizeBytes} bytes does not fit here`;
        problems.push({ code: 'entry-broken', message, offset: at + 0x18 });
        break;
      }
      entries.push(readEntry(bytes, view, at, sizeBytes));
      at += sizeBytes;
    }
  }
  return entries.reverse();
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, sizeBytes: number): BootStatusEntry {
  const eventId = view.getUint32(at + 0x24, true);
  const event = events[eventId] ?? 'other';
  const data = at + entryHeaderBytes;
  const dataBytes = sizeBytes - entryHeaderBytes;
  const hasStatus = eventId >= 0x13 && eventId <= 0x16 && dataBytes >= 4;
  const pathAt = hasStatus ? 4 : 20;
  const hasPath = (hasStatus || event === 'application-launched') && dataBytes > pathAt;
  return {
    event,
    eventId,
    // 1 is information, 3 an error.
    isError: view.getUint32(at + 0x1c, true) >= 3,
    atLocal: event === 'log-started' && dataBytes >= 16 ? timeAt(view, data) : null,
    status: hasStatus ? `0x${view.getUint32(data, true).toString(16)}` : null,
    path: hasPath ? pathOf(bytes.subarray(data + pathAt, data + dataBytes)) : null,
    offset: at,
  };
}

/** Year, month, day, hour, minute, second in words; no weekday between, unlike a SYSTEMTIME. */
function timeAt(view: DataView, at: number): string | null {
  const word = (index: number) => String(view.getUint16(at + index * 2, true));
  return localTimeOf({
    year: word(0),
    month: word(1),
    day: word(2),
    hour: word(3),
    minute: word(4),
    second: word(5),
  });
}

function pathOf(bytes: Uint8Array): string | null {
  const text = textOfUtf16(bytes.subarray(0, maxPathCharacters * 2)).split('\0', 1)[0] ?? '';
  return text === '' ? null : printable(text);
}
