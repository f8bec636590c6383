import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';

/** A fact that the device told otherwise than the server reads it in the same dump. */
export interface FactDifference {
  readonly fact: string;
  readonly device: string;
  readonly server: string;
}

/** Compares the server's own reading of a crash with the facts of the device; never changes either. */
export function compareCrashFacts(
  reading: unknown,
  facts: Readonly<Record<string, unknown>>,
): FactDifference[] {
  const parsed = crashDumpSchema.safeParse(reading);
  if (!parsed.success) return [];
  return Object.entries(factsOf(parsed.data)).flatMap(([fact, server]) => {
    const device = facts[fact];
    const differs = typeof device === 'string' && server !== null && device !== server;
    return differs ? [{ fact, device, server }] : [];
  });
}

const factsOf = (dump: CrashDump): Record<string, string | null> => ({
  'crash.code': dump.bugcheck.code,
  'crash.module': dump.culprit.module?.toLowerCase() ?? null,
  'crash.signature': dump.signature,
});
