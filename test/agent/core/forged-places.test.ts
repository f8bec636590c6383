import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FoundWindows } from '../../../agent/core/found-windows.ts';
import type { Intent } from '../../../agent/core/journal.ts';
import { isReplayable } from '../../../agent/core/replay-places.ts';
import { MemoryVolume } from '../../shared/remediation/memory-volume.ts';

const attemptId = '01900000-0000-7000-8000-00000000beef';
const quarantined = `\\ProgramData\\Bootmend\\quarantine\\${attemptId}\\1`;

function windows(): FoundWindows {
  const volume = new MemoryVolume({
    'W:\\Windows\\System32\\config\\SYSTEM': {},
    'W:\\Windows\\System32\\drivers\\Contoso\\long name.sys': {},
    'W:\\Windows\\Temp\\x.sys': {},
    'W:\\hiberfil.sys': {},
  });
  volume.alias('W:\\Windows\\System32\\CONFIG~1', 'W:\\Windows\\System32\\config');
  volume.alias(
    'W:\\Windows\\System32\\drivers\\Contoso\\LONGNA~1.SYS',
    'W:\\Windows\\System32\\drivers\\Contoso\\long name.sys',
  );
  return Object.assign(volume, { bitLocker: 'none' as const });
}

const base: Intent = {
  kind: 'intent',
  number: 1,
  line: 1,
  action: 'delete',
  from: '\\Windows\\Temp\\x.sys',
  to: quarantined,
  sizeBytes: 4,
  writtenAtMs: 7,
};
const copy = {
  source: '\\Windows\\Temp\\y.sys',
  sizeBytes: 4,
  sha256: '0'.repeat(64),
  replaces: false,
};
const start = {
  line: 1,
  what: 'Start',
  edit: {
    kind: 'set-value' as const,
    key: 'ControlSet001\\Services\\cntflt',
    name: 'Start',
    type: 4,
    data: 'BAAAAA==',
  },
};

/** A record of every action, as an attempt would have written it. */
const honest: Readonly<Record<Intent['action'], Intent>> = {
  delete: base,
  rename: { ...base, action: 'rename', to: '\\Windows\\Temp\\x.off' },
  copy: { ...base, action: 'copy', copy },
  'set-aside': { ...base, action: 'set-aside', from: '\\hiberfil.sys' },
  'edit-hive': {
    ...base,
    action: 'edit-hive',
    from: '\\Windows\\System32\\config\\SYSTEM',
    edits: [start],
  },
};

/** Where a forged record would like to reach. */
const places: Readonly<Record<string, string>> = {
  'a hive': '\\Windows\\System32\\config\\SAM',
  'a hive in other letters': '\\WINDOWS\\system32\\CONFIG\\sam',
  'the boot loader': '\\Windows\\System32\\winload.efi',
  'the files of people': '\\Users\\Ada\\x.txt',
  'the own folder': '\\ProgramData\\Bootmend\\trust.json',
  'the own folder in other letters': '\\PROGRAMDATA\\bootmend\\trust.json',
  'the file system': '\\$MFT',
  'a parent': '\\Windows\\Temp\\..\\System32\\config\\SAM',
  'the same folder': '\\Windows\\.\\Temp\\x.sys',
  'a backslash twice': '\\Windows\\\\Temp\\x.sys',
  'a stream': '\\Windows\\Temp\\x.sys:y',
  'an index of a folder': '\\Windows\\System32\\config::$INDEX_ALLOCATION\\SAM',
  'slashes': '\\Windows/System32/config/SAM',
  'a dot behind a folder': '\\Windows\\System32\\config.\\SAM',
  'a blank behind a folder': '\\Windows\\System32\\config \\SAM',
  'a dot behind a file': '\\Windows\\Temp\\x.sys.',
  'a long path': '\\?\\C:\\Windows\\System32\\config\\SAM',
  'a path of the object manager': '\\??\\C:\\Windows\\System32\\config\\SAM',
  'the short name of a folder': '\\Windows\\System32\\CONFIG~1\\SAM',
  'the short name of a file': '\\Windows\\System32\\drivers\\Contoso\\LONGNA~1.SYS',
  'a wildcard': '\\Windows\\Temp\\*.sys',
  'a NUL': '\\Windows\\Temp\\x\u0000.sys',
  'the root': '\\',
}; // prettier-ignore

test('what an attempt writes itself can be taken back', () => {
  for (const [action, intent] of Object.entries(honest))
    assert.ok(isReplayable(windows(), attemptId, intent), action);
});

for (const action of Object.keys(honest) as Intent['action'][])
  describe(`a forged record to ${action}`, () => {
    for (const [what, path] of Object.entries(places))
      test(`reaches not ${what}`, () => {
        const intent = honest[action];
        assert.ok(!isReplayable(windows(), attemptId, { ...intent, from: path }), 'from');
        assert.ok(!isReplayable(windows(), attemptId, { ...intent, to: path }), 'to');
      });

    test('reaches no quarantine but the one of its attempt and number', () => {
      for (const to of [
        quarantined.replace('beef', 'dead'),
        quarantined.replace(/1$/, '2'),
        `${quarantined}\\deeper`,
        '\\ProgramData\\Bootmend\\quarantine\\1',
      ])
        assert.ok(!isReplayable(windows(), attemptId, { ...honest[action], to }), to);
    });
  });

test('a rename stays in its folder', () => {
  for (const to of ['\\Windows\\x.sys', '\\Windows\\Temp\\deeper\\x.sys', '\\x.sys', quarantined])
    assert.ok(!isReplayable(windows(), attemptId, { ...honest.rename, to }), to);
});

describe('a copy is not taken away for a source that is the copy itself', () => {
  for (const source of [
    '\\Windows\\.\\Temp\\x.sys',
    '\\Windows\\Temp\\..\\Temp\\x.sys',
    '\\Windows\\Temp\\\\x.sys',
    '\\Windows\\Temp\\x.sys.',
    '\\Windows\\Temp\\x.sys::$DATA',
    '\\Windows/Temp/x.sys',
    '\\Windows\\System32\\drivers\\Contoso\\LONGNA~1.SYS',
  ])
    test(source, () =>
      assert.ok(!isReplayable(windows(), attemptId, { ...honest.copy, copy: { ...copy, source } })),
    );
});

describe('a hive is swapped back only at its place and for edits that a script can lead to', () => {
  const wanted: Readonly<Record<string, Partial<Intent>>> = {
    'another file': { from: '\\Windows\\Temp\\SYSTEM' },
    'a hive that scripts do not edit': { from: '\\Windows\\System32\\config\\SECURITY' },
    'no edits': { edits: undefined },
    'a protected key': {
      edits: [{ ...start, edit: { ...start.edit, key: 'ControlSet001\\Control\\Lsa', name: 'RunAsPPL' } }],
    },
    'the program of a service': { edits: [{ ...start, edit: { ...start.edit, name: 'ImagePath' } }] },
    'data that is no base64': { edits: [{ ...start, edit: { ...start.edit, data: '*' } }] },
    'one bad edit among good ones': {
      edits: [start, { ...start, edit: { ...start.edit, key: 'Select', name: 'Current' } }],
    },
  };
  for (const [what, over] of Object.entries(wanted))
    test(what, () => assert.ok(!isReplayable(windows(), attemptId, { ...honest['edit-hive'], ...over })));
});

test('a forged record puts nothing where Windows starts files by itself, and takes back what was taken from there', () => {
  for (const place of [
    '\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp\\x.exe',
    '\\windows\\system32\\TASKS\\x',
    '\\Windows\\System32\\GroupPolicy\\Machine\\Scripts\\scripts.ini',
    '\\Windows\\System32\\sethc.exe',
    '\\Program.exe',
  ]) {
    assert.ok(!isReplayable(windows(), attemptId, { ...honest.copy, from: place }), place);
    const folder = place.slice(0, place.lastIndexOf('\\'));
    for (const rename of [
      { from: place, to: `${folder}\\x.off` },
      { from: `${folder}\\x.off`, to: place },
    ])
      assert.ok(!isReplayable(windows(), attemptId, { ...honest.rename, ...rename }), place);
    assert.ok(isReplayable(windows(), attemptId, { ...honest.delete, from: place }), place);
  }
});
