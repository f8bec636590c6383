import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPendingRenamesLog } from '../../../agent/lab/logs/pending-renames-log.ts';
import { readPendingRenamesLog } from '../../../shared/bootlog/read-pending-renames-log.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';

const read = (bytes: Uint8Array) => readPendingRenamesLog(memorySource(bytes));

function readGood(bytes: Uint8Array) {
  const result = read(bytes);
  assert.ok(result.ok);
  return result.log;
}

const first = new Date('2024-07-19T04:05:09Z');
const second = new Date('2024-07-20T14:05:09Z');
const gone = { path: String.raw`C:\Program Files\A, B\old.exe`, status: '0xc0000034' };
const driver = {
  path: String.raw`C:\Windows\system32\spool\New\x.dll`,
  newPath: String.raw`C:\Windows\system32\spool\x.dll`,
  status: '0xc000003a',
};

test('starts newest first, with what failed and how many succeeded', () => {
  const log = readGood(
    buildPendingRenamesLog([
      { at: first, failures: [gone, driver], succeeded: 7 },
      { at: second, failures: [], succeeded: 0 },
    ]),
  );
  assert.deepEqual([log.encoding, log.problems], ['utf-16le', []]);
  assert.deepEqual(
    log.runs.map(run => [run.startedAtLocal, run.succeeded, run.failures.length]),
    [
      ['2024-07-20T14:05:09', 0, 0],
      ['2024-07-19T04:05:09', 7, 2],
    ],
  );
  assert.partialDeepStrictEqual(log.runs[1]?.failures, [
    { ...gone, newPath: null, statusName: 'STATUS_OBJECT_NAME_NOT_FOUND' },
    { ...driver, statusName: 'STATUS_OBJECT_PATH_NOT_FOUND' },
  ]);
});

test('a start that was cut off has no count, and the next one begins anew', () => {
  const log = readGood(
    buildPendingRenamesLog([
      { at: first, failures: [gone] },
      { at: second, failures: [driver], succeeded: 1 },
    ]),
  );
  assert.deepEqual(
    log.runs.map(run => run.succeeded),
    [1, null],
  );
});

test('a target that may be replaced is a path, a code that is not known has no name', () => {
  const text = String.raw`1/2/2024 3:4:5 - PFRO Error: \??\C:\a.tmp, !\??\C:\a.sys, 0xc00000ff`;
  const log = readGood(Uint8Array.from(Buffer.from(text)));
  assert.partialDeepStrictEqual(log.runs[0]?.failures[0], {
    path: String.raw`C:\a.tmp`,
    newPath: String.raw`C:\a.sys`,
    status: '0xc00000ff',
    statusName: null,
  });
});

test('lines of something else are told, and a file of nothing else is refused', () => {
  const mixed = 'hello\n1/2/2024 3:4:5 - 3 Successful PFRO operations\n1/2/2024 3:4:5 - other\n';
  const log = readGood(Uint8Array.from(Buffer.from(mixed)));
  assert.deepEqual(
    log.problems.map(problem => [problem.code, problem.line]),
    [
      ['unknown-line', 1],
      ['unknown-line', 3],
    ],
  );
  const result = read(Uint8Array.from(Buffer.from('hello')));
  assert.ok(!result.ok);
  assert.equal(result.problem.code, 'not-a-pending-renames-log');
});

test('of very many failures the first are given', () => {
  const log = readGood(
    buildPendingRenamesLog([
      { at: first, failures: Array.from({ length: 10_050 }, () => gone), succeeded: 0 },
    ]),
  );
  assert.equal(log.runs[0]?.failures.length, 10_000);
  assert.deepEqual(
    log.problems.map(problem => problem.code),
    ['too-many-failures'],
  );
});
