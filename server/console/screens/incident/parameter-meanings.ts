import { BugcheckReading, explainParameters } from '../../../../shared/crashdump/bugcheck.ts';
import type { CrashDump } from '../../../../shared/crashdump/crash-dump.ts';

const operationWords = {
  read: 'here: a read',
  write: 'here: a write',
  execute: 'here: an execution',
} as const;

/** What each of the four parameters of a stop code holds, where that is known; '' elsewhere. */
export function parameterMeanings({ code, parameters }: CrashDump['bugcheck']): string[] {
  const { knowledge, operation } = new BugcheckReading(Number(code), parameters.map(BigInt));
  return explainParameters(code).map((meaning, index) =>
    operation !== undefined && knowledge?.operation?.parameter === index + 1
      ? `${meaning}; ${operationWords[operation]}`
      : meaning,
  );
}
