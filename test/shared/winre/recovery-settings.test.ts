import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPrintedSettings, readRecoverySettings } from '../../../shared/winre/read-recovery-settings.ts';
import {
  isSsid,
  isWifiPassword,
  type RecoverySettings,
  type RecoverySettingsCode,
  recoverySettingsCodes,
} from '../../../shared/winre/recovery-settings.ts';
import { withoutPasswords, writeRecoverySettings } from '../../../shared/winre/write-recovery-settings.ts';

const microsoft = `<?xml version="1.0" encoding="utf-8"?>
<WindowsRE>
  <WifiCredential>
    <Wifi ssid="Recovery &amp; Co" password="correct horse"/>
  </WifiCredential>
  <CloudRemediation state="1" />
  <AutoRemediation state="1" totalwaittime="2400" waitinterval="120"/>
</WindowsRE>
`;

const settings: RecoverySettings = {
  wifi: [{ ssid: 'Recovery & Co', password: 'correct horse' }],
  cloudRemediation: { isOn: true },
  autoRemediation: { isOn: true, totalWaitMinutes: 2400, waitIntervalMinutes: 120 },
};

test('the file of Microsoft’s page is read', () => {
  assert.deepEqual(readRecoverySettings(microsoft), { ok: true, settings });
  assert.deepEqual(readRecoverySettings(`\ufeff${microsoft.replaceAll('\n', '\r\n')}`), {
    ok: true,
    settings,
  });
});

test('what reagentc prints is read in every language, whatever it says afterwards', () => {
  const printed = `\r\n${microsoft}\r\nREAGENTC.EXE: L’opération a réussi.\r\n`;
  assert.deepEqual(readPrintedSettings(printed), { ok: true, settings });
  assert.equal(readPrintedSettings('REAGENTC.EXE: Operation failed: 5'), undefined);
});

test('Microsoft’s template with an empty network names no network', () => {
  const read = readRecoverySettings(
    '<WindowsRE><WifiCredential><Wifi ssid="" password="" /></WifiCredential></WindowsRE>',
  );
  assert.deepEqual(read, { ok: true, settings: { wifi: [] } });
});

test('what is written is read back, for any settings that are valid', () => {
  const minutes = fc.integer({ min: 1, max: 4320 });
  const any = fc.record(
    {
      wifi: fc.array(
        fc.record(
          {
            ssid: fc.string({ unit: 'binary' }).filter(isSsid),
            password: fc.string().filter(isWifiPassword),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 3 },
      ),
      cloudRemediation: fc.record({ isOn: fc.boolean() }, { noNullPrototype: true }),
      autoRemediation: fc
        .record(
          { isOn: fc.boolean(), totalWaitMinutes: minutes, waitIntervalMinutes: minutes },
          { noNullPrototype: true },
        )
        .map(one => ({ ...one, totalWaitMinutes: Math.max(one.totalWaitMinutes, one.waitIntervalMinutes) })),
    },
    { requiredKeys: ['wifi'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(any, value => {
      assert.deepEqual(readRecoverySettings(writeRecoverySettings(value)), { ok: true, settings: value });
    }),
    { numRuns: 300 },
  );
});

const inside = (content: string) => `<WindowsRE>${content}</WindowsRE>`;
const wrong: Readonly<Record<RecoverySettingsCode, string>> = {
  'not-settings': '<unattend/>',
  'markup-broken': '<WindowsRE><CloudRemediation state="1">',
  'declaration-not-allowed': '<!DOCTYPE x [<!ENTITY a "b">]><WindowsRE/>',
  'unknown-element': inside('<Reboot/>'),
  'unknown-attribute': inside('<CloudRemediation state="1" since="now"/>'),
  'element-repeated': inside('<CloudRemediation state="1"/><CloudRemediation state="0"/>'),
  'attribute-missing': inside('<AutoRemediation totalwaittime="5"/>'),
  'state-invalid': inside('<CloudRemediation state="on"/>'),
  'minutes-invalid': inside('<AutoRemediation state="1" totalwaittime="4321"/>'),
  'interval-above-total': inside('<AutoRemediation state="1" totalwaittime="30" waitinterval="31"/>'),
  'ssid-invalid': inside(
    `<WifiCredential><Wifi ssid="${'é'.repeat(17)}" password="secret-secret"/></WifiCredential>`,
  ),
  'password-invalid': inside('<WifiCredential><Wifi ssid="a" password="secret"/></WifiCredential>'),
  'too-many-networks': inside(
    `<WifiCredential>${'<Wifi ssid="a" password="secret-secret"/>'.repeat(17)}</WifiCredential>`,
  ),
};

for (const code of recoverySettingsCodes)
  test(`${code} is named with its place, and no password with it`, () => {
    const read = readRecoverySettings(wrong[code]);
    assert.ok(!read.ok);
    assert.deepEqual(
      read.problems.map(one => one.code),
      [code],
    );
    assert.equal(read.problems[0]!.line, 1);
    assert.ok(!JSON.stringify(read.problems).includes('secret'));
  });

test('minutes go from 1 to 4320, and the interval is held to the total also where the file does not say one', () => {
  const codesOf = (attributes: string) => {
    const read = readRecoverySettings(inside(`<AutoRemediation state="1" ${attributes}/>`));
    return read.ok ? [] : read.problems.map(one => one.code);
  };
  for (const good of [
    'totalwaittime="1" waitinterval="1"',
    'totalwaittime="4320" waitinterval="4320"',
    'totalwaittime="20"',
    'waitinterval="180"',
  ])
    assert.deepEqual(codesOf(good), [], good);
  for (const minutes of ['0', '4321', '-1', '1.5', '0x10', ' 5', '1e3', '', '9999999'])
    for (const name of ['totalwaittime', 'waitinterval'])
      assert.deepEqual(codesOf(`${name}="${minutes}"`), ['minutes-invalid'], `${name} ${minutes}`);
  assert.deepEqual(codesOf('waitinterval="181"'), ['interval-above-total']);
  assert.deepEqual(codesOf('totalwaittime="4321" waitinterval="4000"'), ['minutes-invalid'], 'told once');
});

test('all mistakes are told in one go, each with line and column', () => {
  const read = readRecoverySettings(
    '<WindowsRE>\n  <CloudRemediation state="yes"/>\n  <AutoRemediation state="1" totalwaittime="0"/>\n</WindowsRE>',
  );
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map(({ code, line, column }) => [code, line, column]),
    [
      ['state-invalid', 2, 3],
      ['minutes-invalid', 3, 3],
    ],
  );
});

test('settings as people read them hold no password', () => {
  const text = JSON.stringify(withoutPasswords(settings));
  assert.ok(text.includes('Recovery & Co') && !text.includes('horse'));
});
