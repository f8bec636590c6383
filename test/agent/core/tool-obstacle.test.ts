import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { findToolObstacle } from '../../../agent/core/tool-obstacle.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { removePackageRun } from '../../../shared/remediation/tools/tool-run.ts';

const builtAs = (version: string) =>
  new Uint8Array(buildDriverFile({ version, linkedAt: new Date('2024-01-01T00:00:00Z') }));
const broken = new Uint8Array([0x4d, 0x5a]);

/** What forbids to begin with DISM where it and the Windows are of these files. */
function obstacleWith(dism: Uint8Array | undefined, kernel: Uint8Array): string | undefined {
  const disks = { C: new MemoryDisk(), X: new MemoryDisk() };
  const place = (path: string, bytes: Uint8Array) => {
    const { components } = parsePath(path);
    disks[path.startsWith('X') ? 'X' : 'C'].place(components, { bytes, writtenAtMs: 1 });
  };
  place('C:\\Windows\\System32\\config\\SYSTEM', broken);
  place('C:\\Windows\\System32\\winload.efi', broken);
  place('C:\\Windows\\System32\\ntoskrnl.exe', kernel);
  if (dism) place('X:\\Windows\\System32\\dism.exe', dism);
  const host = createMemoryHost({
    disks,
    startReason: { kind: 'failed-boot', failedStarts: 2, lastFailedAtMs: 1 },
    bootEntryVolume: 'C:\\',
    servers: {},
  });
  const found = findWindows(host);
  assert.ok(found.ok);
  const run = removePackageRun('C:\\', 'Package_for_KB1~31bf3856ad364e35~amd64~~1.1');
  const change = {
    kind: 'run-tool',
    class: 'one-way',
    proof: 'volume',
    path: 'C:\\Windows',
    what: '',
  } as const;
  return findToolObstacle(host, found.windows, [{ line: 1, ...change, run }])?.code;
}

test('DISM services a Windows of its build or an older one, and none whose build or its own is unknown', () => {
  const [older, newer] = [builtAs('10.0.19041.1'), builtAs('10.0.22621.1')];
  assert.equal(obstacleWith(newer, older), undefined);
  assert.equal(obstacleWith(newer, newer), undefined);
  assert.equal(obstacleWith(older, newer), 'tool-too-old');
  assert.equal(obstacleWith(broken, newer), 'tool-version-unknown');
  assert.equal(obstacleWith(newer, broken), 'tool-version-unknown');
  assert.equal(obstacleWith(undefined, broken), undefined);
});
