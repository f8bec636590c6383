import { bugcheckParameters } from './bugcheck-parameters.ts';
import { type BugcheckKnowledge, type ParameterNumber, bugcheckTable } from './bugcheck-table.ts';
import { moreBugchecks } from './more-bugchecks.ts';

const table: ReadonlyMap<number, BugcheckKnowledge> = new Map(
  [...moreBugchecks, ...bugcheckTable].map(one => [one.code, one]),
);

/** Codes such as 0x1000007E are their short form, flagged when a minidump was written. */
const minidumpForms: ReadonlySet<number> = new Set([0x1000007e, 0x1000007f, 0x1000008e, 0x100000ea]);

/** The code that stands in books and search engines: 0x7E for 0x1000007E. */
export const plainCode = (code: number): number => (minidumpForms.has(code) ? code & 0x0fffffff : code);

/** What is known about a bugcheck; 0x21A, as people often type it, is 0xC000021A. */
export function findBugcheck(code: number): BugcheckKnowledge | undefined {
  return table.get(plainCode(code)) ?? table.get(code === 0x21a ? 0xc000021a : code);
}

/** The name of a bugcheck as Windows shows it. */
export function bugcheckName(code: number): string | null {
  const name = findBugcheck(code)?.name;
  if (name === undefined) return null;
  return minidumpForms.has(code) ? `${name}_M` : name;
}

/** One plain sentence about a bugcheck code as a crash dump holds it, `0x1000007e`. */
export function explainBugcheck(code: string): string {
  return (
    findBugcheck(Number(code))?.sentence ?? 'Windows stopped itself for a reason that Bootmend does not know.'
  );
}

/** What the four parameters of a bugcheck hold, in plain words; an empty text where that is not known. */
export function explainParameters(code: string): readonly [string, string, string, string] {
  const known = findBugcheck(Number(code));
  return bugcheckParameters.get(known?.code ?? Number(code)) ?? ['', '', '', ''];
}

export type Operation = 'read' | 'write' | 'execute';

/** The bugcheck of one dump, read with the knowledge about its code. */
export class BugcheckReading {
  readonly code: number;
  readonly knowledge: BugcheckKnowledge | undefined;
  readonly #parameters: readonly bigint[];

  constructor(code: number, parameters: readonly bigint[]) {
    this.code = code;
    this.knowledge = findBugcheck(code);
    this.#parameters = parameters;
  }

  parameter(number: ParameterNumber | undefined): bigint | undefined {
    return number === undefined ? undefined : this.#parameters[number - 1];
  }

  /** The NTSTATUS of an exception; its upper half is only the sign. */
  get exceptionCode(): number | undefined {
    const value = this.parameter(this.knowledge?.exceptionCode);
    return value === undefined ? undefined : Number(BigInt.asUintN(32, value));
  }

  get subcode(): bigint | undefined {
    const value = this.parameter(this.knowledge?.subcode);
    if (value === undefined) return undefined;
    return isSignExtended(value) ? BigInt.asUintN(32, value) : value;
  }

  get operation(): Operation | undefined {
    const place = this.knowledge?.operation;
    const isFault = this.exceptionCode === undefined || this.exceptionCode === accessViolation;
    const value = isFault && place ? this.parameter(place.parameter) : undefined;
    if (value === undefined) return undefined;
    const writes = place?.scale === 'page' ? [1n, 2n] : [1n];
    const executes = place?.scale === 'page' ? [8n, 0x10n] : [2n, 8n];
    if (value === 0n) return 'read';
    return writes.includes(value) ? 'write' : executes.includes(value) ? 'execute' : undefined;
  }
}

/** STATUS_ACCESS_VIOLATION. */
export const accessViolation = 0xc0000005;
const isSignExtended = (value: bigint) =>
  BigInt.asUintN(64, BigInt.asIntN(32, value)) === value && value >> 63n === 1n;
