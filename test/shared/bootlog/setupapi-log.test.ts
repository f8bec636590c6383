import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildDeviceInstallLog, type LabDeviceInstall } from '../../../agent/lab/logs/device-install-log.ts';
import { readSetupapiLog } from '../../../shared/bootlog/read-setupapi-log.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { samplePath, skipWithout } from '../../support/samples.ts';

const bootedAt = new Date('2024-07-19T03:50:00.500Z');
const sensor: LabDeviceInstall = {
  title: 'Setup Import Driver Package',
  subject: String.raw`C:\Program Files\Sensor\sensor.inf`,
  at: new Date('2024-07-19T04:00:00.000Z'),
  package: {
    inf: 'oem7.inf',
    storeFolder: 'sensor.inf_amd64_0123456789abcdef',
    provider: 'Lab Security',
    dateAndVersion: '07/18/2024,7.11.18110.0',
  },
};
const display: LabDeviceInstall = {
  title: 'Device Install (Hardware initiated)',
  subject: String.raw`PCI\VEN_80EE&DEV_BEEF`,
  at: new Date('2024-07-19T04:01:00.000Z'),
  selected: { description: 'Lab Display', inf: 'oem3.inf' },
  errors: ['Device not started: Device has problem: 0x0a: CM_PROB_FAILED_START.'],
  exitStatus: 'FAILURE(0x0000001F)',
};

const read = (text: string | Uint8Array) =>
  readSetupapiLog(memorySource(typeof text === 'string' ? Uint8Array.from(Buffer.from(text)) : text));

function readGood(text: string | Uint8Array) {
  const result = read(text);
  assert.ok(result.ok);
  return result.log;
}

const codes = (text: string) => readGood(text).problems.map(problem => problem.code);

test('sections newest first, with device, driver, outcome and what was marked as an error', () => {
  const log = readGood(buildDeviceInstallLog(bootedAt, [sensor, display]));
  assert.deepEqual(log.problems, []);
  assert.equal(log.osVersion, '10.0.22631');
  const [newest, oldest] = log.sections;
  assert.partialDeepStrictEqual(newest, {
    title: 'Device Install (Hardware initiated)',
    subject: String.raw`PCI\VEN_80EE&DEV_BEEF`,
    startedAtLocal: '2024-07-19T04:01:00.000',
    endedAtLocal: '2024-07-19T04:01:00.000',
    bootedAtLocal: '2024-07-19T03:50:00.500',
    outcome: 'failed',
    exitStatus: 'FAILURE(0x0000001F)',
    errorCode: '0x1f',
    selectedDriver: { description: 'Lab Display', inf: 'oem3.inf' },
    packages: [],
  });
  assert.deepEqual(
    newest?.remarks.map(remark => remark.severity),
    ['error'],
  );
  assert.partialDeepStrictEqual(oldest, { outcome: 'done', errorCode: null, selectedDriver: null });
  assert.equal(oldest?.remarks[0]?.severity, 'warning');
});

test('which driver packages came into the store, and when', () => {
  const log = readGood(buildDeviceInstallLog(bootedAt, [sensor, display]));
  const [only] = log.packages;
  assert.equal(log.packages.length, 1);
  assert.partialDeepStrictEqual(only, {
    inf: 'oem7.inf',
    storeFolder: 'sensor.inf_amd64_0123456789abcdef',
    provider: 'Lab Security',
    version: '7.11.18110.0',
    driverDate: '2024-07-18',
    installedAtLocal: '2024-07-19T04:00:00.000',
  });
});

test('a section in which the machine died is unfinished and told', () => {
  const log = readGood(buildDeviceInstallLog(bootedAt, [display, { ...sensor, isCutOff: true }]));
  assert.partialDeepStrictEqual(log.sections[0], {
    outcome: 'unfinished',
    endedAtLocal: null,
    exitStatus: null,
  });
  assert.deepEqual(
    log.problems.map(one => one.code),
    ['section-unfinished'],
  );
  const next = [
    '>>>  [A]',
    '>>>  Section start 2024/07/19 04:00:00.000',
    '[Boot Session: 2024/07/19 05:00:00.000]',
  ];
  assert.deepEqual(codes(`${next.join('\r\n')}\r\n`), ['section-unfinished']);
  assert.deepEqual(
    codes([...next.slice(0, 2), '>>>  [B]', '<<<  Section end 2024/07/19 04:00:00', ''].join('\n')),
    ['section-unfinished'],
  );
});

test('starts and ends without a section are told', () => {
  const stray = [
    '     OS Version = 10.0.1',
    '>>>  Section start 2024/07/19 04:00:00.000',
    '<<<  Section end x',
    '',
  ];
  assert.deepEqual(codes(stray.join('\n')), ['section-not-started', 'section-not-started']);
});

test('starts and ends are told by their shape, not by their words', () => {
  const log = readGood(
    [
      '>>>  [Gerät installieren - X]',
      '>>>  Abschnittsstart 2024/07/19 04:00:00.000',
      '<<<  Abschnittsende 2024/07/19 04:00:01.000',
      '<<<  [Beendigungsstatus: SUCCESS]',
      '',
    ].join('\r\n'),
  );
  assert.deepEqual(log.problems, []);
  assert.partialDeepStrictEqual(log.sections[0], {
    startedAtLocal: '2024-07-19T04:00:00.000',
    endedAtLocal: '2024-07-19T04:00:01.000',
    exitStatus: 'SUCCESS',
  });
});

test('times that are none are null', () => {
  const log = readGood('>>>  [A - B]\n>>>  Section start 2024/13/41 99:00:00.000\n<<<  Section end soon');
  assert.partialDeepStrictEqual(log.sections[0], { startedAtLocal: null, endedAtLocal: null, subject: 'B' });
});

test('only the newest of very many sections are given', () => {
  const one = '>>>  [A]\n<<<  Section end 2024/07/19 04:00:00\n<<<  [Exit status: SUCCESS]\n';
  const log = readGood(one.repeat(2100));
  assert.equal(log.sections.length, 2000);
  assert.deepEqual(
    log.problems.map(problem => problem.code),
    ['too-many-sections'],
  );
});

test('a file that is no setupapi.dev.log is told', () => {
  const result = read('hello\nworld');
  assert.ok(!result.ok);
  assert.equal(result.problem.code, 'not-a-setupapi-log');
});

test('a real log', { skip: skipWithout('logs/setupapi.dev_plaso.log') }, () => {
  const log = readGood(readFileSync(samplePath('logs/setupapi.dev_plaso.log')));
  assert.deepEqual(log.problems, []);
  // Counted in the file: `>>>  [`, `Exit status: SUCCESS`, `Registered driver package`.
  assert.deepEqual([log.sections.length, log.packages.length], [194, 63]);
  assert.ok(log.sections.every(section => section.outcome === 'done'));
  const oracle = log.packages.filter(one => one.provider === 'Oracle Corporation');
  assert.deepEqual(
    oracle.map(one => [one.inf, one.version, one.driverDate, one.installedAtLocal]),
    [
      ['oem3.inf', '5.0.26', '2016-07-18', '2016-10-05T11:38:09.167'],
      ['oem2.inf', '5.0.26', '2016-07-18', '2016-10-05T11:37:14.273'],
    ],
  );
  assert.partialDeepStrictEqual(log.sections.at(-1), {
    subject: String.raw`SWD\IP_TUNNEL_VBUS\ISATAP_0`,
    selectedDriver: { description: 'Microsoft ISATAP Adapter', inf: 'nettun.inf' },
    bootedAtLocal: '2015-11-22T17:58:03.498',
  });
});
