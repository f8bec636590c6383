import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildSrtTrail } from '../../../agent/lab/evidence/srt-trail.ts';
import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { readSrtTrail } from '../../../shared/bootlog/read-srt-trail.ts';
import type { SrtTrail } from '../../../shared/bootlog/srt-trail.ts';
import { samplePath, skipWithout } from '../../support/samples.ts';

function read(bytes: Uint8Array): SrtTrail {
  const result = readSrtTrail(bytes);
  assert.ok(result.ok);
  return result.trail;
}

const sessions = [
  { windowsDirectory: String.raw`C:\Windows`, tests: [{ name: 'System disk test', timeMs: 31 }] },
  {
    windowsDirectory: String.raw`D:\Windows`,
    tests: [{ name: 'Check for updates' }, { name: 'Event log diagnosis', errorCode: 2, timeMs: 110 }],
    rootCause:
      'Unknown Bugcheck: Bugcheck 50. Parameters = 0xffff840500000074, 0x0, 0xfffff806715114ed, 0x2.',
    repairActions: [{ name: 'System files integrity check and repair', errorCode: 0x490, timeMs: 9984 }],
  },
];

for (const language of ['en', 'es'] as const) {
  test(`a trail in ${language}: sessions, tests, causes and repairs`, () => {
    const trail = read(buildSrtTrail(sessions, language));
    assert.deepEqual(trail.problems, []);
    assert.equal(trail.attempts, 2);
    const [first, second] = trail.sessions;
    assert.equal(first?.windowsDirectory, String.raw`C:\Windows`);
    assert.deepEqual(first.rootCauses, []);
    assert.equal(second?.systemDisk, String.raw`\Device\Harddisk0`);
    assert.deepEqual(
      second.tests.map(step => [step.name, step.errorCode, step.timeMs]),
      [
        ['Check for updates', '0x0', 0],
        ['Event log diagnosis', '0x2', 110],
      ],
    );
    assert.equal(second.rootCauses[0]?.text, sessions[1]?.rootCause);
    assert.deepEqual(
      second.repairActions.map(step => [step.name, step.errorCode, step.timeMs]),
      [['System files integrity check and repair', '0x490', 9984]],
    );
    assert.equal(second.repairActions[0]?.result, language === 'en' ? 'Failed.' : 'Error.');
  });
}

test('an English trail of a real machine', { skip: skipWithout('logs/SrtTrail_grafox.txt') }, () => {
  const trail = read(readFileSync(samplePath('logs/SrtTrail_grafox.txt')));
  assert.deepEqual(trail.problems, []);
  assert.equal(trail.attempts, 1);
  const [session] = trail.sessions;
  assert.equal(session?.windowsDirectory, null);
  assert.deepEqual(
    session.tests.map(step => step.name),
    [
      'Check for updates',
      'System disk test',
      'Disk failure diagnosis',
      'Disk metadata test',
      'Target OS test',
    ],
  );
  assert.equal(session.rootCauses[0]?.text, 'Boot configuration is corrupt.');
  assert.deepEqual(
    session.repairActions.map(step => [step.name, step.errorCode, step.timeMs]),
    [['Partition table repair', '0x0', 9984]],
  );
});

test('a Spanish trail of a real machine', { skip: skipWithout('logs/SrtTrail_tiirwaa.txt') }, () => {
  const trail = read(readFileSync(samplePath('logs/SrtTrail_tiirwaa.txt')));
  assert.deepEqual(trail.problems, []);
  const [session] = trail.sessions;
  assert.equal(session?.windowsDirectory, String.raw`C:\Windows`);
  assert.equal(session.tests.length, 14);
  assert.equal(session.rootCauses[0]?.text, 'El administrador de arranque no encontró el cargador del SO.');
  assert.deepEqual(
    session.repairActions.map(step => step.errorCode),
    ['0x57', '0x490'],
  );
});

test('marks inside of dates, wide colons and a NUL at the end do no harm', () => {
  const text = [
    'スタートアップ修復の診断および修復ログ',
    '---------------------------',
    '前回成功したブート時刻: \u200e2024/\u200e07/\u200e18 9:12:03 (GMT)',
    '修復の試行回数: 3',
    '',
    'セッションの詳細',
    '---------------------------',
    String.raw`システム ディスク = \Device\Harddisk0`,
    String.raw`Windows ディレクトリ = C:\Windows`,
    '自動チェックの実行 = 0',
    '根本原因の数 = 1',
    '',
    '実行されたテスト: ',
    '---------------------------',
    '名前：更新プログラムの確認',
    '結果: 正常に完了しました。エラー コード =  0x0',
    '所要時間 = 16 ミリ秒',
    '',
    '根本原因が見つかりました: ',
    '---------------------------',
    'ブート構成が壊れています。',
    '',
    '---------------------------',
    '---------------------------',
    '\0',
  ].join('\r\n');
  const trail = read(Buffer.from(`\ufeff${text}`, 'utf16le'));
  assert.deepEqual(trail.problems, []);
  assert.equal(trail.attempts, 3);
  assert.equal(trail.lastBootTimeText, '2024/07/18 9:12:03 (GMT)');
  assert.deepEqual(trail.sessions[0]?.tests, [
    { name: '更新プログラムの確認', result: '正常に完了しました。', errorCode: '0x0', timeMs: 16, line: 15 },
  ]);
  assert.equal(trail.sessions[0].rootCauses[0]?.text, 'ブート構成が壊れています。');
});

test('what does not add up is told with its line', () => {
  const text = Buffer.from(buildSrtTrail(sessions)).toString('utf16le');
  const cut = read(Buffer.from(text.slice(0, text.indexOf('Root cause found')), 'utf16le'));
  assert.deepEqual(
    cut.problems.map(problem => problem.code),
    ['session-unfinished', 'root-causes-differ'],
  );
  assert.ok(cut.problems.every(problem => (problem.line ?? 0) > 10));
  const odd = read(Buffer.from(text.replace('Result: Failed.', 'Nothing here'), 'utf16le'));
  assert.ok(odd.problems.some(problem => problem.code === 'unknown-line'));
  const headless = read(Buffer.from(text.replace(/Session details\r\n-+\r\n(.+\r\n)+/, ''), 'utf16le'));
  assert.ok(headless.problems.some(problem => problem.code === 'session-without-start'));
});

test('boot logs, empty files and random bytes are no trail, and a trail is no boot log', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(999), Buffer.from('BOOTLOG_LOADED \\x.sys\r\n')]) {
    const result = readSrtTrail(bytes);
    assert.ok(!result.ok);
    assert.equal(result.problem.code, 'not-a-repair-trail');
  }
  assert.equal(readBootLog(buildSrtTrail(sessions, 'es')).ok, false);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), bytes =>
      assert.equal(typeof readSrtTrail(bytes).ok, 'boolean'),
    ),
  );
});

test('a damaged or cut trail gives what it still holds', () => {
  const whole = buildSrtTrail(sessions);
  const change = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 20 }),
      fc.integer({ min: 0, max: whole.length }),
      (changes, length) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const result = readSrtTrail(bytes.subarray(0, length));
        assert.ok(result.ok || result.problem.message !== '');
      },
    ),
  );
});

test('lines made to keep patterns busy are read to their end', () => {
  const hostile = [
    'a'.repeat(2000),
    '-'.repeat(2000),
    ' ='.repeat(1000),
    ':'.repeat(2000),
    '0x0'.repeat(600),
  ];
  const text = hostile.map(line => `x\r\n---\r\n${`${line}\r\n`.repeat(80)}`).join('');
  assert.equal(typeof readSrtTrail(Buffer.from(text)).ok, 'boolean');
  assert.equal(typeof readBootLog(Buffer.from(text)).ok, 'boolean');
});
