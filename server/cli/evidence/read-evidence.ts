import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { BootStatus } from '../../../shared/bootlog/boot-status.ts';
import { maxLogBytes } from '../../../shared/bootlog/log-text.ts';
import type { PendingRenamesLog } from '../../../shared/bootlog/pending-renames-log.ts';
import type { PendingTransaction } from '../../../shared/bootlog/pending-transaction.ts';
import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { readBootStatus } from '../../../shared/bootlog/read-boot-status.ts';
import { readPendingRenamesLog } from '../../../shared/bootlog/read-pending-renames-log.ts';
import { readPendingTransaction } from '../../../shared/bootlog/read-pending-transaction.ts';
import { readServicingLog } from '../../../shared/bootlog/read-servicing-log.ts';
import { readSetupapiLog } from '../../../shared/bootlog/read-setupapi-log.ts';
import { readSrtTrail } from '../../../shared/bootlog/read-srt-trail.ts';
import type { ServicingLog } from '../../../shared/bootlog/servicing-log.ts';
import type { SetupapiLog } from '../../../shared/bootlog/setupapi-log.ts';
import type { SrtTrail } from '../../../shared/bootlog/srt-trail.ts';
import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { readSystemEvents } from '../../../shared/eventlog/read-system-events.ts';
import type { SystemEvents } from '../../../shared/eventlog/system-event.ts';
import {
  type PortableExecutable,
  readPortableExecutable,
} from '../../../shared/portable-executable/portable-executable.ts';
import { describeHive, type HiveDescription } from '../../../shared/registry/describe-hive.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import type { EvidenceProblem, OpenEvidence } from './evidence-file.ts';
import type { FirstLook } from './recognise.ts';

/** A log of any kind; its `format` tells which. */
export type LogReading =
  | BootLog
  | SrtTrail
  | ServicingLog
  | SetupapiLog
  | PendingRenamesLog
  | PendingTransaction
  | BootStatus
  | SystemEvents;

/** Every kind of log that is read. */
export const logKinds: readonly LogReading['format'][] = [
  'ntbtlog',
  'srt-trail',
  'servicing-log',
  'setupapi-log',
  'pending-renames-log',
  'pending-transaction',
  'boot-status',
  'system-events',
];

/** What a file says, by what it is. */
export type EvidenceReading =
  | { readonly kind: 'crash-dump'; readonly reading: CrashDump }
  | { readonly kind: 'hive'; readonly reading: HiveDescription }
  | { readonly kind: 'driver'; readonly reading: PortableExecutable }
  | { readonly kind: LogReading['format']; readonly reading: LogReading };
export type EvidenceKind = EvidenceReading['kind'];

/** Whether a kind of evidence is a log. */
export const isLog = (kind: EvidenceKind): boolean => logKinds.some(one => one === kind);

export type ReadResult =
  | { readonly ok: true; readonly evidence: EvidenceReading }
  | { readonly ok: false; readonly kind: EvidenceKind; readonly problem: EvidenceProblem };

/** Reads a file as what its first bytes promise; undefined when it is no evidence. */
export function readEvidence(open: OpenEvidence, look: FirstLook): ReadResult | undefined {
  const { source } = open;
  if (look === 'crash-dump') {
    const read = readCrashDump(source);
    return read.ok ? done({ kind: look, reading: read.dump }) : failed(look, read.problem);
  }
  if (look === 'hive') return readHive(open);
  if (look === 'driver') {
    const read = readPortableExecutable(source);
    return read.ok ? done({ kind: look, reading: read.image }) : failed(look, read.problem);
  }
  if (look === 'event-log') {
    const read = readSystemEvents(source);
    return read.ok ? logRead(read.log) : failed('system-events', read.problem);
  }
  const log = look === 'text' ? readTextLog(source) : look === 'small' ? readSmallLog(source) : undefined;
  return log && logRead(log);
}

function readHive({ source, withLogs }: OpenEvidence): ReadResult {
  return withLogs(logs => {
    const recovered = recoverHive(source, logs);
    if (!recovered.ok) return failed('hive', recovered.problem);
    return done({ kind: 'hive', reading: describeHive(recovered) });
  });
}

/** Reads a log in text form as the first kind whose marks it has; the strictest are asked first. */
export function readTextLog(source: ByteSource): LogReading | undefined {
  const pending = readPendingTransaction(source);
  if (pending.ok) return pending.transaction;
  const setupapi = readSetupapiLog(source);
  if (setupapi.ok) return setupapi.log;
  const servicing = readServicingLog(source);
  if (servicing.ok) return servicing.log;
  const renames = readPendingRenamesLog(source);
  if (renames.ok) return renames.log;
  const bytes = readNewest(source);
  const trail = readSrtTrail(bytes);
  if (trail.ok) return trail.trail;
  const log = readBootLog(bytes);
  return log.ok ? log.log : undefined;
}

function readSmallLog(source: ByteSource): LogReading | undefined {
  const status = readBootStatus(source.read(0, source.sizeBytes));
  return status.ok ? status.log : undefined;
}

/** The whole log, or of a longer one a little more than its readers look at. */
function readNewest(source: ByteSource): Uint8Array {
  const start = Math.max(0, source.sizeBytes - maxLogBytes - 2);
  return source.read(start + (start % 2), source.sizeBytes - start);
}

const done = (evidence: EvidenceReading): ReadResult => ({ ok: true, evidence });
const logRead = (reading: LogReading): ReadResult => done({ kind: reading.format, reading });

function failed(
  kind: EvidenceKind,
  {
    code,
    message,
    offset,
    structure,
  }: { code: string; message: string; offset?: number; structure?: string },
): ReadResult {
  const place = `${structure ?? 'file'} at offset ${offset ?? 0}`;
  return { ok: false, kind, problem: { code, message, place } };
}
