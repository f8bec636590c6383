import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchPlaces } from '../../../shared/remediation/launch-places.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import {
  findLaunchPlace,
  isProtected,
  protectedPlaces,
} from '../../../shared/remediation/protected-places.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { MemoryVolume } from './memory-volume.ts';

const volume = new MemoryVolume({ 'W:\\Windows\\System32\\drivers\\Contoso\\long name.sys': {} });

describe('every protected place is closed to plans, scripts and undo', () => {
  for (const { base, folders = [], names = [] } of protectedPlaces)
    for (const path of [...folders, ...names])
      test(path, () => {
        const full = `${base === 'windows' ? 'W:\\Windows' : 'W:'}\\${path}`;
        assert.ok(isProtected(volume, full));
        assert.ok(isProtected(volume, full.toLowerCase()));
        if (folders.includes(path)) assert.ok(isProtected(volume, `${full}\\deep\\below.dat`));
        const place = base === 'windows' ? '%SystemRoot%' : '%SystemDrive%';
        const { script, diagnostics } = checkScript(`delete "${place}\\${path}"`);
        assert.ok(!script && diagnostics.some(diagnostic => diagnostic.code === 'protected-place'));
      });
});

test('folders above a protected place are protected, so that none is moved away whole', () => {
  for (const path of [
    'W:\\Windows',
    'W:\\Windows\\System32',
    'W:\\Windows\\System32\\drivers',
    'W:\\ProgramData',
  ])
    assert.ok(isProtected(volume, path), path);
});

test('what leaves the volume or could mean something else is protected', () => {
  const paths = [
    'X:\\Windows\\bad.sys',
    'bad.sys',
    '\\Windows\\bad.sys',
    '\\\\?\\W:\\bad.sys',
    'W:\\',
    'W:\\Windows\\Temp\\..\\System32\\config\\SAM',
    'W:\\Windows\\.\\bad.sys',
    'W:\\Windows\\bad.sys:stream',
    'W:\\Windows\\System32\\config.\\SAM',
    'W:\\Windows\\System32\\config \\SAM',
    'W:\\Windows\\\\bad.sys',
    'W:\\Windows/System32/config/SAM',
    'W:\\$MFT',
    'W:\\$Extend\\$UsnJrnl',
    'W:\\bad\u0000.sys',
  ];
  for (const path of paths) assert.ok(isProtected(volume, path), path);
});

test('short names are protected unless the volume says that they are real', () => {
  const aliased = new MemoryVolume({
    'W:\\Windows\\System32\\drivers\\Contoso\\long name.sys': {},
    'W:\\Windows\\System32\\drivers\\Contoso\\real~1.sys': {},
  });
  const folder = 'W:\\Windows\\System32\\drivers\\Contoso';
  aliased.alias(`${folder}\\LONGNA~1.SYS`, `${folder}\\long name.sys`);
  assert.ok(isProtected(aliased, `${folder}\\LONGNA~1.SYS`));
  assert.ok(!isProtected(aliased, `${folder}\\real~1.sys`));
  assert.ok(!isProtected(aliased, `${folder}\\gone~1.sys`), 'a file can be put back under its own name');
  assert.ok(isProtected(aliased, 'W:\\PROGRA~1\\Contoso\\bad.dll'), 'a folder must be there to be told');
});

test('places of vendors are open', () => {
  const paths = [
    'W:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000032.sys',
    'W:\\Windows\\System32\\drivers\\contoso.sys',
    'W:\\Program Files\\Contoso\\bad.dll',
    'W:\\ProgramData\\Contoso\\bad.dat',
    'W:\\Windows\\System32\\configure.exe',
    'W:\\Users.txt',
  ];
  for (const path of paths) assert.ok(!isProtected(volume, path), path);
});

test('a wildcard that would catch a protected file is a mistake', () => {
  const codes = (path: string) =>
    checkScript(`delete ${path}`).diagnostics.map(diagnostic => diagnostic.code);
  assert.deepEqual(codes(String.raw`%SystemRoot%\System32\ntos*.exe`), ['protected-place']);
  assert.deepEqual(codes(String.raw`%SystemRoot%\System32\drivers\vol*.sys`), ['protected-place']);
  assert.deepEqual(codes(String.raw`%SystemDrive%\page????.sys`), ['protected-place']);
  assert.deepEqual(codes(String.raw`%SystemRoot%\System32\drivers\contoso*.sys`), []);
  assert.deepEqual(
    checkScript(String.raw`rename %SystemRoot%\System32\drivers\x.sys to disk.sys`).diagnostics.map(
      one => one.code,
    ),
    ['protected-place'],
  );
});

describe('where Windows starts files by itself, lines take away and put nothing', () => {
  for (const { base, folders = [], names = [] } of launchPlaces)
    for (const one of [
      ...folders.map(folder => `${folder}\\one.dat`),
      ...names.map(name => name.replace('*', 'one')),
    ])
      test(one, () => {
        const full = `${base === 'windows' ? 'W:\\Windows' : 'W:'}\\${one}`;
        const path = `"${base === 'windows' ? '%SystemRoot%' : '%SystemDrive%'}\\${one}"`;
        assert.ok(findLaunchPlace(volume, full) !== undefined);
        assert.ok(findLaunchPlace(volume, full.toLowerCase()) !== undefined);
        assert.deepEqual(codesOf(`delete ${path}`), []);
        for (const line of [
          String.raw`copy %ProgramFiles%\Contoso\mend.exe to ${path}`,
          String.raw`copy %ProgramFiles%\Contoso\mend.exe to ${path}, replacing what is there`,
          `restore ${path} from quarantine`,
          `restore ${path} from driver store`,
          `rename ${path} to other.dat`,
        ])
          assert.deepEqual(codesOf(line), ['launch-place'], line);
      });
});

test('a file that anybody may have left is carried elsewhere only when its hash is signed', () => {
  const to = String.raw`%SystemRoot%\System32\drivers\ct.sys`;
  const hash = `sha256 ${'ab'.repeat(32)}`;
  for (const from of [
    String.raw`%ProgramData%\Contoso\ct.sys`,
    String.raw`%SystemDrive%\ct.sys`,
    String.raw`%SystemDrive%\Users.old\ct.sys`,
    String.raw`%SystemRoot%\TEMP\ct.sys`,
    String.raw`%SystemDrive%\windows\Tracing\ct.sys`,
    String.raw`%SystemRoot%\System32\spool\drivers\color\ct.sys`,
  ]) {
    assert.deepEqual(codesOf(`copy ${from} to ${to}`), ['source-not-pinned'], from);
    assert.deepEqual(codesOf(`restore ${to} from ${from}`), ['source-not-pinned'], from);
    assert.deepEqual(codesOf(`copy ${from} to ${to}, ${hash}`), [], from);
    assert.deepEqual(codesOf(`restore ${to} from ${from}, ${hash}`), [], from);
  }
  for (const from of [
    String.raw`%SystemRoot%\Temporary\ct.sys`,
    String.raw`%ProgramFiles%\Contoso\ct.sys`,
    String.raw`"%SystemDrive%\Program Files (x86)\Contoso\ct.sys"`,
  ])
    assert.deepEqual(codesOf(`copy ${from} to ${to}`), [], from);
  const within = String.raw`%ProgramData%\Contoso\good.dat to %ProgramData%\contoso\now.dat`;
  assert.deepEqual(codesOf(`copy ${within}`), [], 'within one folder it gains nobody anything');
});

test('a name that is free becomes no program that Windows starts', () => {
  assert.deepEqual(codesOf(String.raw`rename %SystemDrive%\contoso.txt to Program.exe`), ['launch-place']);
  assert.deepEqual(codesOf(String.raw`rename %SystemRoot%\System32\cmd.bak to SETHC.exe`), ['launch-place']);
  assert.deepEqual(codesOf(String.raw`rename %SystemDrive%\contoso.txt to contoso.bak`), []);
});

test('what the text does not show, the plan refuses', () => {
  const other = new MemoryVolume(
    { 'W:\\WINNT\\System32\\Tasks\\Old': {}, 'W:\\Program Files\\Contoso\\bad.xml': {} },
    'W:\\WINNT',
  );
  const { script } = checkScript(
    String.raw`copy %ProgramFiles%\Contoso\bad.xml to %SystemDrive%\WINNT\System32\Tasks\Bad`,
  );
  const planned = planScript(script!, other, {});
  assert.equal(planned.kind === 'refused' && planned.code, 'launch-place');
});

const codesOf = (text: string) => checkScript(text).diagnostics.map(({ code }) => code);
