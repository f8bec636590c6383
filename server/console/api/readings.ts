import * as z from 'zod/mini';
import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { SrtTrail } from '../../../shared/bootlog/srt-trail.ts';
import { type EvidenceView, leftOut } from '../../../shared/api/incident.ts';

const entry = z.object({ path: z.string(), name: z.string(), line: z.number() });
export const logProblem = z.object({
  code: z.string(),
  message: z.string(),
  line: z.exactOptional(z.number()),
});
export const encoding = z.enum(['utf-16le', 'utf-8']);

const bootLog = z.object({
  format: z.literal('ntbtlog'),
  encoding,
  boots: z.array(
    z.object({
      startedAtLocal: z.nullable(z.string()),
      osBuild: z.nullable(z.number()),
      line: z.number(),
      loaded: z.array(entry),
      notLoaded: z.array(entry),
    }),
  ),
  lastLoaded: z.nullable(entry),
  problems: z.array(logProblem),
});

const srtStep = z.object({
  name: z.string(),
  result: z.string(),
  errorCode: z.nullable(z.string()),
  timeMs: z.nullable(z.number()),
  line: z.number(),
});

const srtTrail = z.object({
  format: z.literal('srt-trail'),
  encoding,
  attempts: z.nullable(z.number()),
  lastBootTimeText: z.nullable(z.string()),
  sessions: z.array(
    z.object({
      line: z.number(),
      systemDisk: z.nullable(z.string()),
      windowsDirectory: z.nullable(z.string()),
      tests: z.array(srtStep),
      rootCauses: z.array(z.object({ text: z.string(), line: z.number() })),
      repairActions: z.array(srtStep),
    }),
  ),
  problems: z.array(logProblem),
});

const unreadable = z.object({ problem: z.object({ code: z.string(), message: z.string() }) });

/** Why a piece of evidence could not be read, when that is what the server says about it. */
export function findReadingProblem(evidence: EvidenceView) {
  const parsed = unreadable.safeParse(evidence.reading);
  return parsed.success ? parsed.data.problem : undefined;
}

/** One reading together with the evidence it was read from. */
export interface Reading<Content> {
  readonly evidence: EvidenceView;
  readonly content: Content;
}

/** Every piece of evidence whose reading has this shape, in the order of the page. */
export function findReadings<Content>(
  evidence: readonly EvidenceView[],
  parse: (reading: unknown) => { readonly success: boolean; readonly data?: Content | undefined },
): readonly Reading<Content>[] {
  return evidence.flatMap(one => {
    const parsed = parse(one.reading);
    return parsed.success && parsed.data !== undefined ? [{ evidence: one, content: parsed.data }] : [];
  });
}

const partial = z.object({
  problems: z._default(z.array(z.object({ code: z.string(), message: z.string() })), []),
  leftOut: z._default(z.array(leftOut), []),
});

/** What a reading does not say: what was damaged or cut off, and lists that were cut for the page. */
export function findGaps({ reading }: EvidenceView) {
  const parsed = partial.safeParse(reading);
  return parsed.success ? parsed.data : { problems: [], leftOut: [] };
}

/** What the server read in the crash dump, when there is one. */
export const findCrash = (evidence: readonly EvidenceView[]): Reading<CrashDump> | undefined =>
  findReadings(evidence, reading => crashDumpSchema.safeParse(reading))[0];

/** What the server read in ntbtlog.txt, when there is one. */
export const findBootLog = (evidence: readonly EvidenceView[]): Reading<BootLog> | undefined =>
  findReadings<BootLog>(evidence, reading => bootLog.safeParse(reading))[0];

/** What the server read in SrtTrail.txt, when there is one. */
export const findSrtTrail = (evidence: readonly EvidenceView[]): Reading<SrtTrail> | undefined =>
  findReadings<SrtTrail>(evidence, reading => srtTrail.safeParse(reading))[0];
