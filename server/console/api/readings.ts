import * as z from 'zod/mini';
import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import type { SrtTrail } from '../../../shared/bootlog/srt-trail.ts';
import type { EvidenceView } from '../../../shared/api/incident.ts';

const entry = z.object({ path: z.string(), name: z.string(), line: z.number() });
const logProblem = z.object({ code: z.string(), message: z.string(), line: z.exactOptional(z.number()) });
const encoding = z.enum(['utf-16le', 'utf-8']);

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

function findReading<Content>(
  evidence: readonly EvidenceView[],
  parse: (reading: unknown) => { readonly success: boolean; readonly data?: Content | undefined },
): Reading<Content> | undefined {
  for (const one of evidence) {
    const parsed = parse(one.reading);
    if (parsed.success && parsed.data !== undefined) return { evidence: one, content: parsed.data };
  }
  return undefined;
}

/** What the server read in the crash dump, when there is one. */
export const findCrash = (evidence: readonly EvidenceView[]): Reading<CrashDump> | undefined =>
  findReading(evidence, reading => crashDumpSchema.safeParse(reading));

/** What the server read in ntbtlog.txt, when there is one. */
export const findBootLog = (evidence: readonly EvidenceView[]): Reading<BootLog> | undefined =>
  findReading<BootLog>(evidence, reading => bootLog.safeParse(reading));

/** What the server read in SrtTrail.txt, when there is one. */
export const findSrtTrail = (evidence: readonly EvidenceView[]): Reading<SrtTrail> | undefined =>
  findReading<SrtTrail>(evidence, reading => srtTrail.safeParse(reading));
