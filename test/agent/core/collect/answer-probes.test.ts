import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerProbes } from '../../../../agent/core/collect/answer-probes.ts';
import type { CollectedEvidence } from '../../../../agent/core/collect/collect-evidence.ts';
import type { FoundWindows } from '../../../../agent/core/found-windows.ts';
import { type Host, HostError } from '../../../../agent/host/host.ts';
import { dword, text } from '../../../../agent/lab/registry/key-plan.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../../agent/lab/registry/windows-hives.ts';
import type { Probe } from '../../../../shared/wire/answer.ts';
import { diskOf, foundOn } from '../../support/windows-disk.ts';
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

const config32 = 'Windows\\System32\\config';
const packageOf = (kb: string, state: number) => ({
  name: `Package_for_${kb}~31bf3856ad364e35~amd64~~6.1.1.1`,
  state,
});
const disk = diskOf({
  [`${config32}\\SYSTEM`]: buildSystemHive({
    computerName: 'LAB-7',
    more: [{ path: 'Control\\StorPort', values: [dword('HmbAllocationPolicy', 2)] }],
  }),
  [`${config32}\\SOFTWARE`]: buildSoftwareHive({
    build: 26_100,
    revision: 4652,
    machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
    packages: [packageOf('KB4474419', 0x50), packageOf('KB4539602', 0x70)],
    more: [{ path: 'Contoso\\Guard', values: [text('Version', '7.1'), text('LicenceKey', 'AAAA-BBBB')] }],
  }),
  'Program Files\\Contoso\\guard.dll': Buffer.from('abc'),
});

function ask(...probes: Probe[]) {
  const { host, windows } = foundOn({ C: disk });
  return answerProbes(host, windows, {} as CollectedEvidence, probes);
}

test('values of the registry are told as scripts write them, and that there is none', () => {
  const facts = ask(
    ...[
      'registry.SYSTEM\\Control\\StorPort\\HmbAllocationPolicy',
      'registry.system\\control\\storport\\other',
      'registry.software\\contoso\\guard\\version',
      'registry.software\\policies\\microsoft\\fve\\osplatformvalidation_uefi\\7',
    ].map(fact => ({ kind: 'registry' as const, fact })),
  );
  assert.deepEqual(facts, {
    'registry.system\\control\\storport\\hmballocationpolicy': 'number 2',
    'registry.system\\control\\storport\\other': 'absent',
    'registry.software\\contoso\\guard\\version': 'text 7.1',
    'registry.software\\policies\\microsoft\\fve\\osplatformvalidation_uefi\\7': 'absent',
  });
});

test('the device tells no value that could be a secret or name somebody, whatever the server asks', () => {
  const facts = [
    'registry.software\\contoso\\guard\\licencekey',
    'registry.software\\microsoft\\cryptography\\machineguid',
    'registry.software\\microsoft\\windows nt\\currentversion\\winlogon\\defaultpassword',
    'registry.software\\wow6432node\\microsoft\\x\\version',
    'registry.system\\control\\computername\\computername\\computername',
    'registry.system\\control\\lsa\\bootkey',
    'registry.system\\services\\tcpip\\parameters\\domain',
    'registry.system\\services\\tcpip\\objectname',
    'registry.sam\\sam\\version',
    'registry.software\\version',
  ];
  for (const fact of facts) assert.deepEqual(ask({ kind: 'registry', fact }), {}, fact);
});

test('updates are told by their state, and ones that are not there as absent', () => {
  const facts = ask(
    ...['KB4474419', 'KB4539602', 'KB4490628'].map(update => ({ kind: 'update' as const, update })),
  );
  assert.deepEqual(facts, {
    'update.kb4474419': 'superseded',
    'update.kb4539602': 'installed',
    'update.kb4490628': 'absent',
  });
});

test('where the registry cannot be read nothing is absent', () => {
  const { host, windows } = foundOn({ C: diskOf({ [`${config32}\\SOFTWARE`]: Buffer.from('regf') }) });
  const probes: Probe[] = [
    { kind: 'update', update: 'kb4490628' },
    { kind: 'registry', fact: 'registry.software\\contoso\\guard\\version' },
  ];
  assert.deepEqual(answerProbes(host, windows, {} as CollectedEvidence, probes), {});
});

test('files are hashed when that is asked, and one that cannot be read keeps its other traits', () => {
  const glob = '%ProgramFiles%\\Contoso\\guard.dll';
  const name = 'file.%programfiles%\\contoso\\guard.dll';
  const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const told = ask({ kind: 'files', glob, hash: true }, { kind: 'files', glob });
  assert.equal((told[name] as { sha256?: string }).sha256, hash);
  assert.deepEqual(told['searched.%programfiles%\\contoso\\guard.dll'], { files: 1 });

  const { host, windows } = foundOn({ C: disk });
  const failing: Host = {
    ...host,
    files: {
      ...host.files,
      hash: path => {
        throw new HostError({ kind: 'permanent', code: 'input-output', message: `${path} cannot be read` });
      },
    },
  };
  const partly = answerProbes(failing, windows, {} as CollectedEvidence, [
    { kind: 'files', glob, hash: true },
  ]);
  assert.deepEqual(Object.keys(partly[name] as object), ['sizeBytes', 'writtenAt']);
});
