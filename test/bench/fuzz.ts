import { fuzz, type FuzzReport } from '../support/fuzz.ts';
import { fuzzedReaders } from '../support/fuzzed-readers.ts';

const inputs = Number(process.env.BOOTMEND_FUZZ_INPUTS ?? 1_000_000);
const seed = Number(process.env.BOOTMEND_FUZZ_SEED ?? 1);
const limitMs = 1000;
/** What Node, the fuzzer and garbage not yet collected may take; each reading is held to its own input beside. */
const limitBytes = 1024 * 1024 * 1024;

export const fuzzedNames: readonly string[] = fuzzedReaders.map(reader => reader.name);

/** Gives a million damaged files to each of the named readers, or to all; one line for each. */
export function* benchFuzz(names: readonly string[]): Generator<FuzzReport & { readonly over?: true }> {
  for (const reader of fuzzedReaders) {
    if (names.length > 0 && !names.includes(reader.name)) continue;
    const report = fuzz(reader, { inputs, seed, checkedEvery: 16, limitMs });
    const { missing, unknown, failure, memoryBytes } = report;
    const isOver = missing.length + unknown.length > 0 || failure !== null || memoryBytes > limitBytes;
    yield isOver ? { ...report, over: true } : report;
  }
}
