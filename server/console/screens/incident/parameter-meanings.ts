import { BugcheckReading } from '../../../../shared/crashdump/bugcheck.ts';
import type { CrashDump } from '../../../../shared/crashdump/crash-dump.ts';

const operationWords = { read: 'a read', write: 'a write', execute: 'an execution' } as const;

/** What each of the four parameters of a stop code holds, where that is known. */
export function parameterMeanings({ code, parameters }: CrashDump['bugcheck']): string[] {
  const reading = new BugcheckReading(Number(code), parameters.map(BigInt));
  const { knowledge } = reading;
  const operation = reading.operation === undefined ? '' : ` (${operationWords[reading.operation]})`;
  return [1, 2, 3, 4].map(number => {
    if (knowledge === undefined) return '';
    if (knowledge.operation?.parameter === number) return `what was tried${operation}`;
    if (knowledge.instruction === number) return 'the instruction that did it';
    if (knowledge.driverAddress === number) return 'an address inside the driver to blame';
    if (knowledge.exceptionCode === number) return 'the exception';
    if (knowledge.exceptionRecord === number) return 'where the exception record lies';
    if (knowledge.contextRecord === number) return 'where the registers lie';
    if (knowledge.trapFrame === number) return 'where the trap frame lies';
    if (knowledge.subcode === number) return 'the kind of this stop code';
    return number === 1 && knowledge.operation !== undefined ? 'the memory that was touched' : '';
  });
}
