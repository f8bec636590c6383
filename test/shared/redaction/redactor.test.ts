import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Redactor } from '../../../shared/redaction/redactor.ts';

const redact = (text: string) => new Redactor().text(text);

test('people and machines get pseudonyms where the text says what they are', () => {
  const cases: readonly (readonly [string, string])[] = [
    [String.raw`C:\Users\Anna Müller\AppData\x.sys`, String.raw`C:\Users\user-1\AppData\x.sys`],
    [String.raw`started by CORP\anna.b at noon`, String.raw`started by domain-1\user-1 at noon`],
    ['S-1-5-21-1004336348-1177238915-682003330-512 asked', 'sid-1 asked'],
    ['write to anna@corp.example.', 'write to email-1.'],
    [String.raw`from \\FILES01\share\x.msi`, String.raw`from \\host-1\share\x.msi`],
    [String.raw`\\?\UNC\files01\share`, String.raw`\\?\UNC\host-1\share`],
    ['via 192.168.7.21 and fe80::1c2d:3', 'via ip-1 and ip-2'],
    ['card 00-1A-2B-3C-4D-5E', 'card mac-1'],
    ['Serial Number: PF1ABCDE', 'Serial Number: serial-1'],
    [String.raw`USB\VID_0951&PID_1666\60A44C413FAE&0`, String.raw`USB\VID_0951&PID_1666\serial-1&0`],
    ['/home/anna/case/crash.dmp', '/home/user-1/case/crash.dmp'],
  ];
  for (const [before, after] of cases) assert.equal(redact(before), after);
});

test('what belongs to Windows and names nobody stays', () => {
  const kept = [
    String.raw`\SystemRoot\System32\drivers\CrowdStrike\csagent.sys`,
    String.raw`C:\Users\Public\Desktop`,
    String.raw`HKLM\SYSTEM\CurrentControlSet\Services`,
    String.raw`PCI\VEN_8086&DEV_1533\3&11583659&0&E0`,
    String.raw`ACPI\PNP0A08`,
    String.raw`NT AUTHORITY\SYSTEM (S-1-5-18)`,
    'Package_for_RollupFix~31bf3856ad364e35~amd64~~10.0.1.2',
    'driver version 1.2.3.4',
    '127.0.0.1',
    '0xfffff806715114ed at 12:30:45.123',
    String.raw`\??\C:\Windows\system32\x.dll`,
    '26100.4652',
  ];
  for (const text of kept) assert.equal(redact(text), text);
});

test('a name found in one place is replaced in all, under one pseudonym', () => {
  const redactor = new Redactor();
  const reading = {
    computer: { name: 'LAB-7', dnsName: 'lab-7.corp.example', domain: 'corp.example' },
    lines: [String.raw`C:\Users\anna\x`, 'ANNA asked lab-7 to stop', 'lab-7_old, anna-laptop'],
    fileVersion: '1.2.3.4',
    count: 7,
  };
  assert.deepEqual(redactor.value(reading), {
    computer: { name: 'host-1', dnsName: 'host-2', domain: 'domain-1' },
    lines: [String.raw`C:\Users\user-1\x`, 'user-1 asked host-1 to stop', 'host-1_old, user-1-laptop'],
    fileVersion: '1.2.3.4',
    count: 7,
  });
  assert.equal(redactor.text('anna on LAB-7'), 'user-1 on host-1');
});

test('names of fields are redacted too, and none gets lost', () => {
  const reading = { [String.raw`file.c:\users\anna\x`]: 1, [String.raw`file.c:\users\ANNA\x`]: 2 };
  assert.deepEqual(Object.values(new Redactor().value(reading)), [1, 2]);
  assert.ok(!/anna/i.test(JSON.stringify(new Redactor().value(reading))));
});

test('kinds can be left out, and names can be given', () => {
  const redactor = new Redactor({ kinds: ['host'], names: { host: ['atlas'] } });
  assert.equal(redactor.text(String.raw`atlas, C:\Users\anna\x`), String.raw`host-1, C:\Users\anna\x`);
});

const name = fc.stringMatching(/^[bcdfghjkmqvwz]{4,10}$/);
const byte = fc.integer({ min: 1, max: 250 });
const secrets = fc.record({
  user: name,
  other: name,
  host: name,
  domain: fc.stringMatching(/^[BCDFGHJKMQVWZ]{4,10}$/),
  serial: fc.stringMatching(/^[0-9A-Z]{10,14}$/).filter(text => /[A-Z]/.test(text)),
  sid: fc
    .tuple(byte, byte, byte, byte)
    .map(parts => `S-1-5-21-${parts.map(part => part * 7_654_321).join('-')}`),
  ip: fc.tuple(fc.constantFrom(10, 172, 192), byte, byte, byte).map(parts => parts.join('.')),
  mac: fc
    .array(byte, { minLength: 6, maxLength: 6 })
    .map(bytes => bytes.map(one => one.toString(16).padStart(2, '0')).join('-')),
});
type Secrets = typeof secrets extends fc.Arbitrary<infer Value> ? Value : never;

const readingWith = (one: Secrets) => ({
  computer: { name: one.host, domain: null },
  userName: one.other,
  paths: [
    `C:\\Users\\${one.user}\\AppData\\Local\\Temp\\a.sys`,
    `${one.domain}\\${one.other}`,
    `\\\\${one.host}\\share\\${one.user}.txt`,
    `USB\\VID_0951&PID_1666\\${one.serial}`,
  ],
  deep: [{ text: `${one.user} from ${one.ip} (${one.mac}), ${one.sid}; ${one.other}@${one.host}.example` }],
  [`file.c:\\users\\${one.user}\\x`]: { sizeBytes: 1, isThere: true, at: null },
});

/** The reading with every text and every name of a field blanked. */
const shapeOf = (value: unknown): unknown => {
  if (typeof value === 'string') return '';
  if (Array.isArray(value)) return value.map(shapeOf);
  return typeof value === 'object' && value !== null ? Object.values(value).map(shapeOf) : value;
};

test('no secret survives, the shape stays, and redacting twice changes nothing', () => {
  fc.assert(
    fc.property(secrets, one => {
      const reading = readingWith(one);
      const redacted = new Redactor().value(reading);
      const text = JSON.stringify(redacted).toLowerCase();
      for (const secret of Object.values(one)) assert.ok(!text.includes(secret.toLowerCase()), secret);
      assert.deepEqual(shapeOf(redacted), shapeOf(reading));
      assert.deepEqual(new Redactor().value(redacted), redacted);
      assert.deepEqual(new Redactor().value(reading), redacted);
    }),
    { numRuns: 300 },
  );
});

test('any text comes back, and a second time unchanged', () => {
  const parts = fc.constantFrom(
    'C:\\Users\\',
    'CORP\\',
    'user-1',
    '\\\\',
    'S-1-5-21-',
    '@',
    '10.0.',
    ' ',
    'serial: ',
  );
  const text = fc.array(fc.oneof(parts, fc.string({ maxLength: 8 }))).map(all => all.join(''));
  fc.assert(
    fc.property(text, one => {
      const redactor = new Redactor();
      const once = redactor.value({ text: one });
      assert.deepEqual(redactor.value(once), once);
    }),
    { numRuns: 500 },
  );
});
