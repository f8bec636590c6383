import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { BootStatus } from '../../../shared/bootlog/boot-status.ts';
import type { PendingRenamesLog } from '../../../shared/bootlog/pending-renames-log.ts';
import type { PendingTransaction } from '../../../shared/bootlog/pending-transaction.ts';
import type { ServicingLog } from '../../../shared/bootlog/servicing-log.ts';
import type { SetupapiLog } from '../../../shared/bootlog/setupapi-log.ts';
import type { SrtTrail } from '../../../shared/bootlog/srt-trail.ts';
import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import type { SystemEvents } from '../../../shared/eventlog/system-event.ts';
import type { PortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import type { SoftwareDescription, SystemDescription } from '../../../shared/registry/describe-hive.ts';
import type { GatheredFile } from '../evidence/gather-evidence.ts';

/** A reading with the file it comes from. */
export interface Piece<Reading> {
  readonly path: string;
  readonly reading: Reading;
}

/** What was left behind by one machine, by kind; the newest where there are several. */
export interface CaseEvidence {
  readonly crash: Piece<CrashDump> | undefined;
  /** The newest crash when Windows ran again after it: to be shown, and never blamed for the failure of today. */
  readonly olderCrash: Piece<CrashDump> | undefined;
  readonly bootLog: Piece<BootLog> | undefined;
  readonly repair: Piece<SrtTrail> | undefined;
  readonly bootStatus: Piece<BootStatus> | undefined;
  readonly transaction: Piece<PendingTransaction> | undefined;
  readonly servicing: readonly Piece<ServicingLog>[];
  readonly installs: Piece<SetupapiLog> | undefined;
  readonly renames: Piece<PendingRenamesLog> | undefined;
  readonly events: Piece<SystemEvents> | undefined;
  readonly system: Piece<SystemDescription> | undefined;
  readonly software: Piece<SoftwareDescription> | undefined;
  readonly images: readonly Piece<PortableExecutable>[];
}

/** Sorts what was read by what it says about a start. */
export function sortEvidence(files: readonly GatheredFile[]): CaseEvidence {
  const logs = files.flatMap(file =>
    'reading' in file && 'format' in file.reading && 'problems' in file.reading
      ? [{ path: file.path, reading: file.reading }]
      : [],
  );
  const ofFormat = <Format extends (typeof logs)[number]['reading']['format']>(format: Format) =>
    logs.filter(one => one.reading.format === format) as Piece<
      Extract<(typeof logs)[number]['reading'], { readonly format: Format }>
    >[];
  const crashes = files.flatMap(file => (file.kind === 'crash-dump' && 'reading' in file ? [file] : []));
  const hives = files.flatMap(file => (file.kind === 'hive' && 'reading' in file ? [file] : []));
  const [system] = hives.flatMap(({ path, reading }) =>
    reading.system ? [{ path, reading: reading.system }] : [],
  );
  const [software] = hives.flatMap(({ path, reading }) =>
    reading.software ? [{ path, reading: reading.software }] : [],
  );
  const rest = {
    bootLog: newest(ofFormat('ntbtlog'), one => one.reading.boots.at(-1)?.startedAtLocal ?? null),
    repair: ofFormat('srt-trail')[0],
    // The file of Windows itself tells more than the one of the boot manager.
    bootStatus: newest(ofFormat('boot-status'), one => one.reading.status?.lastAliveAt ?? null),
    transaction: ofFormat('pending-transaction')[0],
    servicing: ofFormat('servicing-log'),
    installs: newest(ofFormat('setupapi-log'), one => one.reading.packages[0]?.installedAtLocal ?? null),
    renames: newest(ofFormat('pending-renames-log'), one => one.reading.runs[0]?.startedAtLocal ?? null),
    events: newest(ofFormat('system-events'), one => one.reading.events[0]?.at ?? null),
    system,
    software,
    images: files.flatMap(file => (file.kind === 'driver' && 'reading' in file ? [file] : [])),
  };
  const crash = newest(crashes, one => one.reading.capturedAt);
  const isOlder = crash !== undefined && ranAfter(crash.reading.capturedAt, rest);
  return { ...rest, crash: isOlder ? undefined : crash, olderCrash: isOlder ? crash : undefined };
}

/** Clocks of two starts of one machine may differ by this much. */
const slackMs = 10 * 60_000;
/** A local time is at most this far from UTC. */
const zoneMs = 14 * 60 * 60_000;

/** Whether Windows was alive after a crash, by the last sign of life that other evidence tells. */
function ranAfter(
  capturedAt: string | null,
  { bootStatus, events, bootLog }: Pick<CaseEvidence, 'bootStatus' | 'events' | 'bootLog'>,
): boolean {
  if (capturedAt === null) return false;
  const startedAtLocal = bootLog?.reading.boots.at(-1)?.startedAtLocal ?? null;
  const signs = [
    timeMs(bootStatus?.reading.status?.lastAliveAt ?? null),
    ...(events?.reading.events ?? []).map(one => timeMs(one.at)),
    timeMs(startedAtLocal === null ? null : `${startedAtLocal}Z`) - zoneMs,
  ];
  return signs.some(sign => sign > Date.parse(capturedAt) + slackMs);
}

const timeMs = (at: string | null) => (at === null ? Number.NaN : Date.parse(at));

/** Drivers that evidence names, the likeliest first. */
export function listSuspects({ crash, bootLog }: CaseEvidence): readonly string[] {
  const names = [
    crash?.reading.culprit.module,
    ...(crash?.reading.suspects ?? []).map(one => one.module),
    bootLog?.reading.lastLoaded?.name,
  ];
  return [...new Set(names.flatMap(name => (typeof name === 'string' ? [name.toLowerCase()] : [])))];
}

function newest<One>(all: readonly One[], timeOf: (one: One) => string | null): One | undefined {
  return all.toSorted((a, b) => ((timeOf(a) ?? '') < (timeOf(b) ?? '') ? 1 : -1))[0];
}
