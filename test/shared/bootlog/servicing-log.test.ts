import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildCbsLog,
  buildDismLog,
  type LabServicingSession,
} from '../../../agent/lab/logs/servicing-log.ts';
import { findKnownCode } from '../../../shared/bootlog/known-codes.ts';
import { readServicingLog } from '../../../shared/bootlog/read-servicing-log.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';

const rollup = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.7';
const stack = 'Package_for_KB5040000~31bf3856ad364e35~amd64~~22621.3870.1.0';
const done: LabServicingSession = {
  id: '31200000_100',
  client: 'WindowsUpdateAgent',
  startedAt: new Date('2024-07-18T22:00:00Z'),
  package: stack,
  from: 'Absent',
  to: 'Installed',
  result: { code: '0x00000000', name: 'S_OK' },
};
const failed: LabServicingSession = {
  id: '31200000_200',
  client: 'DISM Package Manager Provider',
  startedAt: new Date('2024-07-19T04:00:00Z'),
  package: rollup,
  from: 'Staged',
  to: 'Installed',
  result: { code: '0x800f0922', name: 'CBS_E_INSTALLERS_FAILED' },
  isRebootRequired: true,
  executeState: 'CbsExecuteStateInitiateRollback | CbsExecuteStateFlagAdvancedInstallersFailed',
};

const read = (bytes: Uint8Array) => readServicingLog(memorySource(bytes));
const bytesOf = (...lines: string[]) =>
  Uint8Array.from(Buffer.from(lines.map(line => `${line}\r\n`).join('')));

function readGood(bytes: Uint8Array) {
  const result = read(bytes);
  assert.ok(result.ok);
  return result.log;
}

test('sessions of CBS.log newest first, with client, result and restart', () => {
  const log = readGood(buildCbsLog([done, failed]));
  assert.deepEqual([log.kind, log.encoding, log.problems], ['cbs', 'utf-8', []]);
  assert.equal(log.sessions.length, 2);
  assert.partialDeepStrictEqual(log.sessions, [
    {
      id: '31200000_200',
      client: 'DISM Package Manager Provider',
      startedAtLocal: '2024-07-19T04:00:00',
      endedAtLocal: '2024-07-19T04:00:00',
      result: '0x800f0922',
      isRebootRequired: true,
    },
    {
      id: '31200000_100',
      client: 'WindowsUpdateAgent',
      startedAtLocal: '2024-07-18T22:00:00',
      endedAtLocal: '2024-07-18T22:00:00',
      result: '0x0',
      isRebootRequired: false,
    },
  ]);
});

test('packages with state, target and result, the last named first', () => {
  const log = readGood(buildCbsLog([done, failed]));
  assert.deepEqual(
    log.packages.map(one => [one.identity, one.knowledgeBase, one.state, one.targetState, one.result]),
    [
      [rollup, null, 'Staged', 'Installed', '0x800f0922'],
      [stack, 'KB5040000', 'Absent', 'Installed', '0x0'],
    ],
  );
  assert.equal(log.packages[0]?.changes.length, 1);
});

test('the last failure with its code, not the harmless look-ups that name codes as well', () => {
  const log = readGood(buildCbsLog([failed, done]));
  assert.equal(log.lastFailure?.code, '0x800f0922');
  assert.equal(log.lastFailure?.codeName, 'CBS_E_INSTALLERS_FAILED');
  assert.equal(log.lastFailure?.sessionId, '31200000_200');
  assert.ok(log.failures.every(failure => failure.code !== '0x80070490'));
  assert.equal(readGood(buildCbsLog([done])).lastFailure, null);
});

test('a result that is broken over two lines is read whole', () => {
  const log = readGood(buildCbsLog([failed]));
  const complete = log.failures.find(failure => failure.text.startsWith('Exec: Processing complete'));
  assert.equal(complete?.code, '0x800f0922');
});

test('where servicing over a restart stands', () => {
  const log = readGood(buildCbsLog([done, failed]));
  assert.match(log.executeState?.state ?? '', /^CbsExecuteStateInitiateRollback/);
  assert.equal(readGood(buildCbsLog([done])).executeState, null);
});

test('a session in which the machine died has no end', () => {
  const { result: _, ...torn } = failed;
  assert.partialDeepStrictEqual(readGood(buildCbsLog([torn])).sessions[0], {
    startedAtLocal: '2024-07-19T04:00:00',
    endedAtLocal: null,
    result: null,
  });
});

test('states of packages in the words of CBS, in its numbers and in those of DISM', () => {
  const stamp = '2024-07-19 04:00:00, Info                  ';
  const log = readGood(
    bytesOf(
      `${stamp}CBS    Exec: Package: ${rollup} is already in the correct state, current: Staged, targeted: Staged`,
      `${stamp}CBS    Read out cached applicability from TiLight for package: ${stack}, ApplicableState: 112, CurrentState:64`,
      `${stamp}CBS    External EvaluateApplicability - Current state, package: ${rollup}, package current state: Superseded, lowest rollup current state: Absent`,
      `${stamp}DISM   DISM Package Manager: PID=1 TID=2 Package ${stack} with CBS state 7(CbsInstallStateInstalled) being mapped to dism state 5(DISM_INSTALL_STATE_INSTALLED) - X`,
    ),
  );
  assert.deepEqual(
    log.packages.map(one => [one.knowledgeBase, one.changes.map(change => change.state)]),
    [
      ['KB5040000', ['Staged', 'Installed']],
      [null, ['Staged', 'Superseded']],
    ],
  );
});

test('runs of DISM with command line, result and end', () => {
  const at = new Date('2024-07-19T04:00:00Z');
  const restore = 'dism /online /cleanup-image /restorehealth';
  const log = readGood(
    buildDismLog([
      { at, commandLine: restore, failedWith: '0x800f081f' },
      { at, commandLine: 'dism /online /get-packages', hasEnded: false },
    ]),
  );
  assert.equal(log.kind, 'dism');
  assert.deepEqual(
    log.sessions.map(session => [session.client, session.result, session.endedAtLocal]),
    [
      ['dism /online /get-packages', null, null],
      [restore, '0x800f081f', '2024-07-19T04:00:00'],
    ],
  );
  assert.partialDeepStrictEqual(log.lastFailure, { code: '0x800f081f', codeName: 'CBS_E_SOURCE_MISSING' });
});

test('programs that call DISM are told apart by their process', () => {
  const stamp = '2024-07-19 04:00:00, Info                  DISM   API: ';
  const log = readGood(
    bytesOf(
      `${stamp}PID=10 TID=1 DismApi.dll: <----- Starting DismApi.dll session -----> - DismInitializeInternal`,
      `${stamp}PID=20 TID=1 DismApi.dll: <----- Starting DismApi.dll session -----> - DismInitializeInternal`,
      `${stamp}PID=10 TID=1 DismApi.dll: <----- Ending DismApi.dll session -----> - DismShutdownInternal`,
    ),
  );
  assert.deepEqual(
    log.sessions.map(session => [session.id, session.endedAtLocal !== null]),
    [
      ['20', false],
      ['10', true],
    ],
  );
});

test('known codes have a name and a sentence, whatever the case of their digits', () => {
  assert.equal(findKnownCode('0x800F0922')?.name, 'CBS_E_INSTALLERS_FAILED');
  assert.equal(findKnownCode('0x80070070')?.sentence, 'The disk is full.');
  assert.equal(findKnownCode('0xc0000034')?.name, 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(findKnownCode('toString'), undefined);
});

test('what is no servicing log and what belongs to no entry is told', () => {
  const result = read(bytesOf('hello', 'world'));
  assert.ok(!result.ok);
  assert.equal(result.problem.code, 'not-a-servicing-log');
  const log = readGood(
    bytesOf('the end of a line', '2024-07-19 04:00:00, Info                  CBS    Startup'),
  );
  assert.deepEqual(
    log.problems.map(problem => problem.code),
    ['stray-lines'],
  );
});

test('only the newest of very many failures and sessions are given', () => {
  const line = (index: number) =>
    `2024-07-19 04:00:00, Error                 CBS    Session: 1_${index} initialized by client Lab. [HRESULT = 0x80004005]`;
  const log = readGood(bytesOf(...Array.from({ length: 600 }, (_, index) => line(index))));
  assert.deepEqual([log.sessions.length, log.failures.length], [500, 200]);
  assert.deepEqual([log.sessions[0]?.id, log.problems[0]?.code], ['1_599', 'too-many-entries']);
});

test('of a log longer than 4 MiB the newest end is read, from the first whole line', () => {
  const noise = `2024-07-19 03:00:00, Info                  CBS    ${'ü'.repeat(500)}\r\n`;
  const head = Buffer.from(`\ufeff${noise.repeat(4200)}`);
  const log = readGood(Uint8Array.from(Buffer.concat([head, buildCbsLog([failed]).subarray(3)])));
  assert.deepEqual(
    log.problems.map(problem => problem.code),
    ['log-too-long'],
  );
  assert.equal(log.sessions.length, 1);
});
