import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectRegistry } from '../../../../agent/core/collect/registry.ts';
import { listDumpFiles } from '../../../../agent/core/collect/dump-files.ts';
import { buildHive } from '../../../../agent/lab/registry/hive-builder.ts';
import { dword, key, list, text } from '../../../../agent/lab/registry/key-plan.ts';
import { diskOf, foundOn } from '../../support/windows-disk.ts';

const some = new Uint8Array(16);

/** A SYSTEM hive that keeps its dumps elsewhere. */
const elsewhere = (dedicated: string, pageFiles: readonly string[]) =>
  buildHive({
    fileName: 'SYSTEM',
    root: key(
      'ROOT',
      [],
      [
        key(
          'ControlSet001',
          [],
          [
            key(
              'Control',
              [],
              [
                key('CrashControl', [
                  dword('CrashDumpEnabled', 1),
                  text('DedicatedDumpFile', dedicated),
                  text('DumpFile', '%SystemRoot%\\Dumps\\last.dmp'),
                  text('MinidumpDir', 'E:\\Small'),
                ]),
                key(
                  'Session Manager',
                  [],
                  [key('Memory Management', [list('ExistingPageFiles', ...pageFiles)])],
                ),
              ],
            ),
          ],
        ),
        key('Select', [dword('Current', 1)]),
      ],
    ),
  });

function pathsOf(hive: Uint8Array | undefined, options: Parameters<typeof foundOn>[1] = {}) {
  const system = diskOf({
    ...(hive && { 'Windows\\System32\\config\\SYSTEM': hive }),
    'pagefile.sys': some,
    'DUMP1a2b.tmp': some,
    'Crash\\own.dmp': some,
    'Windows\\MEMORY.DMP': some,
    'Windows\\Dumps\\last.dmp': some,
    'Windows\\Minidump\\071924-1-01.dmp': some,
  });
  const data = diskOf({ 'pagefile.sys': some, 'Small\\071924-2-01.dmp': some, 'Users\\secret.dmp': some });
  const { host, windows } = foundOn({ C: system, D: data }, options);
  const registry = collectRegistry(host, windows);
  return listDumpFiles(host, windows, registry.system.content?.crashControl).map(({ path, isPageFile }) =>
    isPageFile ? `${path} (page file)` : path,
  );
}

test('without a registry, dumps are looked for where Windows puts them', () => {
  assert.deepEqual(pathsOf(undefined), [
    'C:\\pagefile.sys (page file)',
    'C:\\DUMP1a2b.tmp',
    'C:\\Windows\\MEMORY.DMP',
    'C:\\Windows\\Minidump\\071924-1-01.dmp',
  ]);
});

test('the registry names a dedicated file, page files of other volumes and other places, in the order to look', () => {
  const hive = elsewhere('C:\\Crash\\own.dmp', ['\\??\\C:\\pagefile.sys', '\\??\\E:\\pagefile.sys']);
  const paths = [
    'C:\\pagefile.sys (page file)',
    'C:\\DUMP1a2b.tmp',
    'C:\\Crash\\own.dmp',
    'D:\\pagefile.sys (page file)',
    'C:\\Windows\\Dumps\\last.dmp',
    'D:\\Small\\071924-2-01.dmp',
  ];
  assert.deepEqual(pathsOf(hive), paths);
  assert.deepEqual(
    pathsOf(hive, { bitLocker: { D: 'locked' } }),
    paths.filter(path => !path.startsWith('D:')),
  );
});

test('a path that leads nowhere plain is not followed', () => {
  for (const dedicated of [
    'E:\\..\\Users\\secret.dmp',
    '\\\\server\\share\\x.dmp',
    'E:\\Users\\secret.dmp:s',
  ])
    assert.ok(!pathsOf(elsewhere(dedicated, [])).some(path => /secret|server/.test(path)), dedicated);
});
