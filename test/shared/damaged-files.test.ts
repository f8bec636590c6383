import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from '../support/fuzz.ts';
import { fuzzedReaders } from '../support/fuzzed-readers.ts';

// The short run; `npm run bench -- fuzz` is the long one.
for (const reader of fuzzedReaders) {
  test(`damage never makes the reader ${reader.name} fail, and every code is reached`, () => {
    const inputs = reader.shortRun ?? 2500;
    const { missing, unknown, failure } = fuzz(reader, { inputs, seed: 20240719, checkedEvery: 4 });
    assert.equal(failure, null);
    assert.deepEqual({ missing, unknown }, { missing: [], unknown: [] });
  });
}
