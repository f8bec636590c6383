import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildNtbtlog } from '../../../agent/lab/evidence/ntbtlog.ts';
import type { BootLog } from '../../../shared/bootlog/boot-log.ts';
import { maxLogBytes } from '../../../shared/bootlog/log-text.ts';
import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { samplePath, skipWithout } from '../../support/samples.ts';

const kernel = String.raw`\SystemRoot\system32\ntoskrnl.exe`;
const csboot = String.raw`\SystemRoot\System32\drivers\CrowdStrike\csboot.sys`;
const csagent = String.raw`\SystemRoot\System32\drivers\CrowdStrike\csagent.sys`;

function read(bytes: Uint8Array): BootLog {
  const result = readBootLog(bytes);
  assert.ok(result.ok);
  return result.log;
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const boots = [
  { startedAt: new Date('2024-07-18T07:55:01.020Z'), osBuild: 22631, loaded: [kernel, csboot, csagent] },
  {
    startedAt: new Date('2024-07-19T04:31:59.800Z'),
    osBuild: 22631,
    loaded: [kernel, csboot],
    notLoaded: ['@oem3.inf,%name%;Odd device', csboot, csboot],
  },
];

test('starts are kept apart and the newest tells the driver loaded last', () => {
  const log = read(buildNtbtlog(boots));
  assert.equal(log.encoding, 'utf-16le');
  assert.deepEqual(log.problems, []);
  assert.deepEqual(
    log.boots.map(boot => [
      boot.startedAtLocal,
      boot.osBuild,
      boot.line,
      boot.loaded.length,
      boot.notLoaded.length,
    ]),
    [
      ['2024-07-18T07:55:01.020', 22631, 1, 3, 0],
      ['2024-07-19T04:31:59.800', 22631, 6, 2, 3],
    ],
  );
  assert.deepEqual(log.lastLoaded, { path: csboot, name: 'csboot.sys', line: 9 });
});

test('the same log in UTF-8, with and without mark, and in UTF-16 without mark reads the same', () => {
  const text = Buffer.from(buildNtbtlog(boots)).toString('utf16le').slice(1);
  const expected = read(buildNtbtlog(boots)).boots;
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16(text)]) {
    assert.deepEqual(read(bytes).boots, expected);
  }
  assert.equal(read(Buffer.from(text)).encoding, 'utf-8');
  assert.equal(read(utf16(text)).encoding, 'utf-16le');
});

test(
  'a real log whose first character is damaged',
  { skip: skipWithout('logs/ntbtlog_win11_utf16le_badsagara.txt') },
  () => {
    const log = read(readFileSync(samplePath('logs/ntbtlog_win11_utf16le_badsagara.txt')));
    assert.equal(log.boots.length, 1);
    assert.equal(log.boots[0]?.startedAtLocal, '2024-10-13T14:00:30.500');
    assert.equal(log.boots[0].loaded.length, 206);
    assert.equal(log.boots[0].notLoaded.length, 1518);
    assert.equal(log.lastLoaded?.name, 'condrv.sys');
    assert.deepEqual(log.problems, []);
  },
);

test('older logs are sentences in the language of that Windows', () => {
  const german = [
    'Microsoft (R) Windows (R) Version 6.1 (Build 7601)',
    ' 1 12 2013 08:12:22.375',
    String.raw`Geladener Treiber: \SystemRoot\system32\ntkrnlpa.exe`,
    String.raw`Geladener Treiber: \SystemRoot\system32\DRIVERS\CntFlt.sys`,
    String.raw`Treiber nicht geladen: \SystemRoot\System32\Drivers\NDProxy.SYS`,
    'Treiber nicht geladen: Audio-Codecs',
  ].join('\r\n');
  const log = read(utf16(`\ufeff${german}\r\n`));
  assert.deepEqual(log.problems, []);
  assert.equal(log.boots[0]?.startedAtLocal, '2013-01-12T08:12:22.375');
  assert.equal(log.boots[0].osBuild, 7601);
  assert.deepEqual(
    log.boots[0].loaded.map(entry => entry.name),
    ['ntkrnlpa.exe', 'cntflt.sys'],
  );
  assert.deepEqual(
    log.boots[0].notLoaded.map(entry => entry.name),
    ['ndproxy.sys', 'audio-codecs'],
  );
  const english =
    String.raw`Loaded driver \WINDOWS\System32\x.sys` + '\nDid not load driver Legacy Audio Drivers\n';
  assert.equal(read(Buffer.from(english)).lastLoaded?.name, 'x.sys');
});

test('lines that are none of a boot log are named with their place', () => {
  const text = `Microsoft (R) Windows (R) Version 10.0 (Build 19045)\r\n13 40 2024 99:00:00.0\r\nBOOTLOG_LOADED ${kernel}\r\nBOOTL`;
  const log = read(Buffer.from(text));
  assert.deepEqual(
    log.problems.map(problem => [problem.code, problem.line]),
    [
      ['last-line-cut', undefined],
      ['unknown-line', 2],
      ['unknown-line', 4],
    ],
  );
  assert.equal(log.boots[0]?.startedAtLocal, null);
  assert.equal(log.boots[0].osBuild, 19045);
});

test('random bytes and other texts are no boot log', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(5000), Buffer.from('hello\r\n'.repeat(100))]) {
    const result = readBootLog(bytes);
    assert.ok(!result.ok);
    assert.equal(result.problem.code, 'not-a-boot-log');
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), bytes =>
      assert.equal(typeof readBootLog(bytes).ok, 'boolean'),
    ),
  );
});

test('a damaged or cut log gives what it still holds', () => {
  const whole = buildNtbtlog(boots);
  const change = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 20 }),
      fc.integer({ min: 0, max: whole.length }),
      (changes, length) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const result = readBootLog(bytes.subarray(0, length));
        if (result.ok) assert.ok(result.log.boots.length > 0);
        else assert.ok(result.problem.message);
      },
    ),
  );
});

test('of a log that grew for years the newest part is read', () => {
  const line = `BOOTLOG_LOADED ${csboot}\r\n`;
  const old = line.repeat(Math.ceil(maxLogBytes / line.length));
  const log = read(Buffer.from(`${old}7 19 2024 04:31:59.800\r\nBOOTLOG_LOADED ${kernel}\r\n`));
  assert.equal(log.lastLoaded?.name, 'ntoskrnl.exe');
  assert.ok(log.problems.some(problem => problem.code === 'log-too-long'));
});

test('more starts than are kept leave the newest', () => {
  const many = Array.from({ length: 1200 }, (_, day) => ({
    startedAt: new Date(Date.UTC(2020, 0, 1 + day)),
    osBuild: 19045,
    loaded: [kernel],
  }));
  const log = read(buildNtbtlog(many));
  assert.equal(log.boots.length, 1000);
  assert.equal(log.boots.at(-1)?.startedAtLocal, many.at(-1)?.startedAt.toISOString().slice(0, 23));
});
