import assert from 'node:assert/strict';
import { factsOfRegistryExtract } from '../../../shared/facts/facts-of-registry-extract.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import {
  maxRegistryExtractBytes,
  readRegistryExtract,
  type RegistryExtractProblem,
} from '../../../shared/registry/read-registry-extract.ts';
import type { RegistryExtract } from '../../../shared/registry/registry-extract.ts';
import { damagesOf, withDamage } from '../../support/damage.ts';
import type { FuzzedReader } from '../../support/fuzz.ts';
import { exampleExtract } from './example-extract.ts';

const codes: Readonly<Record<RegistryExtractProblem['code'], true>> = {
  'too-long': true,
  'not-json': true,
  'not-a-registry-extract': true,
};

/** Plain bytes and no Buffer, whose `slice` shares memory: damage could not be taken back. */
const bytesOf = (extract: RegistryExtract) => Uint8Array.from(Buffer.from(JSON.stringify(extract)));

const wholeExtracts: Readonly<Record<string, Uint8Array>> = {
  'of a driver': bytesOf(exampleExtract),
  'of hives that tell nothing': bytesOf({
    ...exampleExtract,
    system: { state: 'unrecovered', content: null },
    software: { state: 'too-costly', content: null },
  }),
};

/** Reads an extract; one that holds its form gives facts of the vocabulary. */
function readSafely(bytes: Uint8Array): string[] {
  const read = readRegistryExtract(bytes);
  if (!read.ok) {
    assert.ok(read.problem.message.length > 10 && read.problem.message.length < 400);
    return [read.problem.code];
  }
  const facts = Object.assign({}, ...Object.values(factsOfRegistryExtract(read.extract))) as object;
  for (const name of parseFacts({ ...facts }).dropped)
    assert.match(name, /^(driver|service|filter|update)\./);
  return [];
}

const structure = new Set(Buffer.from('"{}[],:\\\\'));

/** Damaged bytes in the grid of whole ones: what gives JSON its structure stays in its place, and nothing is added to it. */
function mended(bytes: Uint8Array, whole: Uint8Array): Uint8Array {
  return whole.map((was, at) => {
    const is = bytes[at] ?? was;
    return structure.has(was) || structure.has(is) || is < 0x20 || is > 0x7e ? was : is;
  });
}

/** What a device tells of its registry. */
export const registryExtractReader: FuzzedReader = {
  name: 'registry-extract',
  codes: Object.keys(codes),
  damages: damagesOf(Object.keys(wholeExtracts), {
    texts: ['"', '{', '}', '[', ']', ',', ':', 'null', '[[[[[[[[', '"state":"clean",', '1e999', '\\u0000'],
  }),
  read: (damage, _depth, measure) => {
    const whole = wholeExtracts[damage.kind]!;
    const pristine = whole.slice();
    return withDamage(whole, damage, bytes => {
      // Most damage breaks JSON itself; where it must not, only what stands in names, texts and numbers is damaged.
      const seen = damage.roll < 32 ? bytes : mended(bytes, pristine);
      return measure(seen.length, () => readSafely(seen));
    });
  },
  extremes: [new Uint8Array(maxRegistryExtractBytes + 1), Buffer.alloc(maxRegistryExtractBytes, '[')].map(
    bytes => measure => measure(bytes.length, () => readSafely(bytes)),
  ),
};
