import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostError } from '../../../agent/host/host.ts';
import type { NativeCalls, NativeEntry } from '../../../agent/host/native-calls.ts';
import { createWinreHost } from '../../../agent/host/winre-host.ts';

const directoryBit = 0x10;
const reparseBit = 0x400;
/** Tags of [MS-FSCC] 2.1.2.1. */
const tags = { wof: 0x8000_0017, symlink: 0xa000_000c, junction: 0xa000_0003, appLink: 0x8000_001b };

const unexpected = () => {
  throw new Error('not asked here');
};
const notLoaded = () => {
  throw Object.assign(new Error('the call failed with Windows error 126'), { windowsError: 126 });
};

/** What Wine has not: a C host that says what these calls say. */
function hostOver(calls: Partial<NativeCalls>) {
  const native = new Proxy(calls, {
    get: (given, name) => Reflect.get(given, name) ?? unexpected,
  }) as NativeCalls;
  return createWinreHost(native, { screen: { show: unexpected }, log: { write: unexpected } });
}

describe('reparse points', () => {
  const entry = (name: string, tag: number, attributes = 0): NativeEntry => ({
    name,
    attributes: attributes | reparseBit,
    reparseTag: tag,
    sizeBytes: 4096,
    writtenAtMs: 1,
  });
  const entries = new Map(
    [
      entry('compressed.sys', tags.wof),
      entry('link.sys', tags.symlink),
      entry('app.exe', tags.appLink),
      entry('junction', tags.junction, directoryBit),
    ].map(one => [`\\\\?\\C:\\Windows\\${one.name}`, one]),
  );
  const renamed: string[] = [];
  const { files } = hostOver({
    systemDirectory: () => 'X:\\Windows\\System32',
    registryKeys: () => [],
    fileAttributes: path => entries.get(path)?.attributes ?? directoryBit,
    fileEntry: path => entries.get(path),
    directoryEntries: () => [...entries.values()],
    fileRead: () => Uint8Array.of(1),
    fileRename: from => void renamed.push(from),
  });

  test('a file that Windows keeps compressed (WOF) is a plain file, and no link is', () => {
    const kinds = files.list('C:\\Windows')?.map(({ name, kind }) => `${name} ${kind}`);
    assert.deepEqual(kinds, ['app.exe link', 'compressed.sys file', 'junction link', 'link.sys link']);
    assert.equal(files.find('C:\\Windows\\compressed.sys')?.sizeBytes, 4096);
    assert.deepEqual(files.read('C:\\Windows\\compressed.sys', 0, 1), Uint8Array.of(1));
  });

  test('the compressed file is moved as any other, a link never', () => {
    files.rename('C:\\Windows\\compressed.sys', 'C:\\Windows\\moved.sys');
    for (const name of ['link.sys', 'app.exe', 'junction'])
      assert.throws(() => files.rename(`C:\\Windows\\${name}`, 'C:\\Windows\\moved'), HostError, name);
    assert.deepEqual(renamed, ['\\\\?\\C:\\Windows\\compressed.sys']);
  });

  test('nothing is reached through a junction', () => {
    assert.equal(files.find('C:\\Windows\\junction\\x'), undefined);
    assert.equal(files.list('C:\\Windows\\junction'), undefined);
  });
});

describe('an image that lacks a library', () => {
  test('knows by its drive that it is one, and names no boot entry, without ADVAPI32', () => {
    const on = (systemDirectory: string) =>
      hostOver({
        systemDirectory: () => systemDirectory,
        registryKeys: notLoaded,
        registryValue: notLoaded,
      }).machine;
    assert.equal(on('X:\\windows\\system32').readEnvironment(), 'recovery');
    assert.equal(on('X:\\windows\\system32').readBootEntryVolume(), undefined);
    assert.equal(on('C:\\Windows\\system32').readEnvironment(), 'windows');
    assert.equal(on('C:\\Windows\\system32').readBootEntryVolume(), 'C:\\');
  });

  test('says which, where nothing goes on without it', () => {
    const host = hostOver({
      systemDirectory: () => 'X:\\windows\\system32',
      registryKeys: () => [],
      randomBytes: notLoaded,
      sha256: notLoaded,
      networkAddresses: notLoaded,
    });
    const isNamed = (library: string) => (error: unknown) =>
      error instanceof HostError &&
      error.failure.code === 'library-missing' &&
      error.message.startsWith(`${library} `);
    assert.throws(() => host.random(16), isNamed('BCRYPT.DLL'));
    assert.throws(() => host.sha256(new Uint8Array(1)), isNamed('BCRYPT.DLL'));
    assert.throws(() => host.network.hasAddress(), isNamed('IPHLPAPI.DLL'));
  });
});

test('addresses that a machine gives itself reach nobody', () => {
  const has = (...addresses: readonly (readonly number[])[]) =>
    hostOver({
      systemDirectory: () => 'X:\\windows\\system32',
      registryKeys: () => [],
      networkAddresses: () => addresses.map(one => Uint8Array.from(one)),
    }).network.hasAddress();
  const linkLocal = [0xfe, 0x80, ...Array.from({ length: 14 }, () => 1)];
  assert.equal(has(), false);
  assert.equal(has([169, 254, 7, 7], linkLocal), false);
  assert.equal(has([169, 254, 7, 7], [10, 0, 0, 7]), true);
  assert.equal(has(linkLocal, [0x20, 0x01, 0x0d, 0xb8, ...Array.from({ length: 12 }, () => 1)]), true);
});
