import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { toolchainPackages } from '../../agent/build/toolchain.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compileNativeParts, fuzzNativeParts, judgeWorker } from './support/native-parts.ts';

const gcc = toolchainPackages.find(one => one.name === 'gcc')!;
const noCompiler = fs.existsSync(gcc.file) ? false : `not installed: ${gcc.name}`;
const minuteMs = 60_000;

describe('the C host without Windows', { skip: noCompiler }, () => {
  const folder = temporaryFolder();
  let program = '';
  before(() => {
    program = compileNativeParts(folder);
  });

  test('arguments, names, bytes and blocks of memory at random come out as they went in', () => {
    // The short run; `npm run bench -- agent fuzz` is the long one.
    assert.equal(fuzzNativeParts(program, 20240719, 100_000), undefined);
  });

  test('a worker has two minutes for a sign of life, and any sign gives it two more', () => {
    const start = 7 * minuteMs;
    assert.deepEqual(
      judgeWorker(program, [
        [start, 5, 0],
        [start + 2 * minuteMs - 1, 5, 0],
        [start + 2 * minuteMs - 1, 6, 0],
        [start + 4 * minuteMs - 2, 6, 0],
        [start + 4 * minuteMs - 1, 6, 0],
      ]),
      ['works', 'works', 'works', 'works', 'given-up'],
    );
  });

  test('its time is what it asked for, at most 73 hours, however alive it is', () => {
    const hourMs = 60 * minuteMs;
    const alive = (totalMs: number, ...at: readonly number[]) =>
      judgeWorker(program, [[0, 0, totalMs], ...at.map((ms, beats) => [ms, beats + 1, totalMs] as const)]);
    assert.deepEqual(alive(5 * minuteMs, 299_999, 300_000), ['works', 'works', 'given-up']);
    for (const totalMs of [0, -1, Number.MAX_SAFE_INTEGER])
      assert.deepEqual(alive(totalMs, 73 * hourMs - 1, 73 * hourMs), ['works', 'works', 'given-up']);
  });
});
