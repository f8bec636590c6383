import assert from 'node:assert/strict';
import { factsOfRegistryExtract } from '../../../shared/facts/facts-of-registry-extract.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import {
  maxRegistryExtractBytes,
  readRegistryExtract,
  type RegistryExtractProblem,
} from '../../../shared/registry/read-registry-extract.ts';
import { damagesOf, withDamage } from '../../support/damage.ts';
import type { FuzzedReader } from '../../support/fuzz.ts';
import { exampleExtract } from './example-extract.ts';

const codes: Readonly<Record<RegistryExtractProblem['code'], true>> = {
  'too-long': true,
  'not-json': true,
  'not-a-registry-extract': true,
};

const wholeExtracts: Readonly<Record<string, Uint8Array>> = {
  'of a driver': Buffer.from(JSON.stringify(exampleExtract)),
  'of hives that tell nothing': Buffer.from(
    JSON.stringify({
      ...exampleExtract,
      system: { state: 'unrecovered', content: null },
      software: { state: 'too-costly', content: null },
    }),
  ),
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

/** What a device tells of its registry. */
export const registryExtractReader: FuzzedReader = {
  name: 'registry-extract',
  codes: Object.keys(codes),
  damages: damagesOf(Object.keys(wholeExtracts), {
    texts: ['"', '{', '}', '[', ']', ',', ':', 'null', '[[[[[[[[', '"state":"clean",', '1e999', '\\u0000'],
  }),
  read: (damage, _depth, measure) =>
    withDamage(wholeExtracts[damage.kind]!, damage, bytes => measure(bytes.length, () => readSafely(bytes))),
  extremes: [new Uint8Array(maxRegistryExtractBytes + 1), Buffer.alloc(maxRegistryExtractBytes, '[')].map(
    bytes => measure => measure(bytes.length, () => readSafely(bytes)),
  ),
};
