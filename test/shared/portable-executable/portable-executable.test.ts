import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import {
  readFileVersion,
  readPortableExecutable,
} from '../../../shared/portable-executable/portable-executable.ts';

const linkedAt = new Date('2024-06-04T00:00:00Z');
const driver = buildDriverFile({ version: '7.15.18513.0', linkedAt });
const read = (bytes: Uint8Array) => readPortableExecutable(memorySource(bytes));

test('a driver tells its version, its architecture and its build', () => {
  const result = read(driver);
  assert.ok(result.ok);
  const { checkSum, ...image } = result.image;
  assert.deepEqual(image, {
    architecture: 'x64',
    timeDateStamp: `0x${(linkedAt.getTime() / 1000).toString(16)}`,
    sizeOfImage: 0x3000,
    fileVersion: '7.15.18513.0',
    productVersion: '7.15.18513.0',
    originalName: null,
    companyName: null,
    problems: [],
  });
  assert.notEqual(checkSum, '0x0');
});

test('every version that fits comes back', () => {
  const part = fc.integer({ min: 0, max: 65535 });
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), parts => {
      const version = parts.join('.');
      assert.equal(readFileVersion(memorySource(buildDriverFile({ version, linkedAt }))), version);
    }),
  );
});

test('other files are refused by code and place', () => {
  const code = (bytes: Uint8Array) => {
    const result = read(bytes);
    return result.ok ? undefined : result.problem.code;
  };
  assert.equal(code(new Uint8Array(0)), 'not-an-executable');
  assert.equal(code(Buffer.from('#!/bin/sh\n')), 'not-an-executable');
  assert.equal(code(driver.subarray(0, 0x60)), 'cut-off');
  assert.equal(code(driver.subarray(0, 0xa0)), 'cut-off');
  assert.equal(readFileVersion(memorySource(driver.subarray(0, 0x620))), undefined);
});

test('changed bytes and cuts never make the reader fail', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: driver.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 12 }),
      fc.integer({ min: 0, max: driver.length }),
      (changes, length) => {
        const bytes = driver.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const result = read(bytes.subarray(0, length));
        assert.ok(result.ok || result.problem.message !== '');
      },
    ),
    { numRuns: 2000 },
  );
});
