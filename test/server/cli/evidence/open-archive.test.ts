import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ArchiveLimits, withArchive } from '../../../../server/cli/evidence/open-archive.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { type ZipEntry, buildZip } from './zip-builder.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'case.zip');
const limits: ArchiveLimits = {
  maxEntries: 4,
  maxEntryBytes: 100_000,
  maxTotalBytes: 150_000,
  maxRatio: 20,
  freeBytes: 10_000,
};

/** What each entry gave: its text, or the code of what was wrong. */
async function readAll(bytes: Uint8Array): Promise<Record<string, string>> {
  writeFileSync(file, bytes);
  const seen: Record<string, string> = {};
  await withArchive(
    file,
    async found => {
      if (!('file' in found)) {
        seen[path.relative(file, found.path)] = found.problem.code;
        return;
      }
      const read = await found.file.open(({ source }) =>
        Buffer.from(source.read(0, source.sizeBytes)).toString('latin1'),
      );
      seen[path.relative(file, found.file.path)] = read.ok ? read.value : read.problem.code;
    },
    limits,
  );
  return seen;
}

const entry = (name: string, text: string, more: Partial<ZipEntry> = {}): ZipEntry => ({
  name,
  data: Buffer.from(text),
  ...more,
});

test('entries are read out of memory, packed and stored, and nothing is written', async () => {
  const zip = buildZip([entry('a/one.txt', 'one'), entry('two', 'two', { isStored: true }), entry('a/', '')]);
  assert.deepEqual(await readAll(zip), { 'a/one.txt': 'one', two: 'two' });
  assert.deepEqual(readdirSync(folder), ['case.zip']);
});

test('each hostile entry is refused by name, and the others are read', async () => {
  const hostile: readonly (readonly [ZipEntry, string])[] = [
    [entry('../../escape.txt', 'x'), 'entry-name-refused'],
    [entry('/etc/passwd', 'x'), 'entry-name-refused'],
    [entry(String.raw`..\up.txt`, 'x'), 'entry-name-refused'],
    [entry('C:/up.txt', 'x'), 'entry-name-refused'],
    [entry('secret', 'x', { isEncrypted: true }), 'entry-encrypted'],
    [entry('odd', 'x', { method: 99 }), 'entry-method-unknown'],
    [entry('long', 'x', { claimedBytes: 0xff_ff_00_00 }), 'entry-too-large'],
    [entry('bomb', '0'.repeat(90_000)), 'entry-ratio-refused'],
    [entry('liar', '0'.repeat(90_000), { claimedBytes: 100 }), 'entry-broken'],
    [entry('short', 'x', { claimedBytes: 100 }), 'entry-broken'],
  ];
  for (const [one, code] of hostile) {
    const seen = await readAll(buildZip([one, entry('good', 'good')]));
    assert.equal(seen['good'], 'good', one.name);
    assert.deepEqual(
      Object.values(seen).filter(text => text !== 'good'),
      [code],
      one.name,
    );
  }
});

test('too many entries and too much in all are told, and what came before is read', async () => {
  const many = await readAll(buildZip([1, 2, 3, 4, 5, 6].map(index => entry(`f${index}`, 'x'))));
  assert.deepEqual(many, { f1: 'x', f2: 'x', f3: 'x', f4: 'x', '': 'too-many-entries' });
  const large = await readAll(
    buildZip(['a', 'b'].map(name => entry(name, 'x'.repeat(90_000), { isStored: true }))),
  );
  assert.equal(large['a']?.length, 90_000);
  assert.equal(large['b'], 'archive-too-large');
});

test('an archive cut anywhere or with changed bytes never throws', async () => {
  const zip = buildZip([entry('one', 'one '.repeat(50)), entry('two', 'two', { isStored: true })]);
  for (let length = 0; length < zip.length; length += 7) {
    const seen = await readAll(zip.subarray(0, length));
    assert.deepEqual(Object.values(seen), ['archive-broken']);
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), fc.nat(255), async (at, byte) => {
      const changed = Uint8Array.from(zip);
      changed[at] = byte;
      await readAll(changed);
    }),
    { numRuns: 300 },
  );
});
