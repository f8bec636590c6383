import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerProbes } from '../../../../agent/core/collect/answer-probes.ts';
import type { CollectedEvidence } from '../../../../agent/core/collect/collect-evidence.ts';
import type { FoundWindows } from '../../../../agent/core/found-windows.ts';
import type { Host } from '../../../../agent/host/host.ts';
import type { DirectoryEntry } from '../../../../shared/facts/volume-view.ts';

const entry = (name: string, kind: DirectoryEntry['kind']): DirectoryEntry => ({
  name,
  kind,
  sizeBytes: 1,
  writtenAtMs: 0,
});

/** A Windows in which every path is a folder; `list` answers what the test says. */
function askFiles(glob: string, list: FoundWindows['list']) {
  const windows: FoundWindows = {
    root: 'C:\\',
    windowsDirectory: 'C:\\Windows',
    bitLocker: 'none',
    open: () => undefined,
    find: path => entry(path.split('\\').at(-1) ?? '', 'directory'),
    list,
  };
  // a question about files needs neither the rest of the host nor what was collected
  return answerProbes({} as Host, windows, {} as CollectedEvidence, [{ kind: 'files', glob }]);
}

const config = [entry('SAM', 'file'), entry('SYSTEM', 'file')];

test('an empty folder is known to be empty', () => {
  const facts = askFiles('%SystemRoot%\\System32\\drivers\\Contoso\\*.sys', () => []);
  assert.deepEqual(facts, { 'searched.%systemroot%\\system32\\drivers\\contoso\\*.sys': { files: 0 } });
});

test('a folder that cannot be read stays unknown', () => {
  assert.deepEqual(
    askFiles('%SystemRoot%\\System32\\drivers\\Contoso\\*.sys', () => undefined),
    {},
  );
});

test('the device does not say what lies where secrets or people live, whatever the server asks', () => {
  for (const glob of [
    '%SystemRoot%\\System32\\config\\S*',
    '%ProgramData%\\Bootmend\\*.json',
    '%ProgramData%\\Microsoft\\Crypto\\RSA\\*.key',
    '%SystemDrive%\\*.txt',
    '%SystemDrive%\\Users\\Ada\\*.doc',
    '%SystemRoot%\\..\\Users\\*.doc',
    '%ProgramFiles%\\*.exe',
  ])
    assert.deepEqual(
      askFiles(glob, () => config),
      {},
      glob,
    );
});
