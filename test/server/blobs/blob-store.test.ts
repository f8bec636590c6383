import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { BlobDamaged, BlobTooLarge } from '../../../server/blobs/blob-errors.ts';
import { FileBlobStore } from '../../../server/blobs/file-blob-store.ts';
import { headBytes, sealedSegmentBytes, segmentBytes } from '../../../server/blobs/sealed-piece.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'bootmend-blobs-'));
after(() => rmSync(home, { recursive: true, force: true }));
let made = 0;
const key = Buffer.alloc(32, 7);
const emptyStore = (dir = path.join(home, String(++made))) => ({ dir, store: new FileBlobStore(dir, key) });

/** Bytes that are never the same for two offsets nearby. */
const pattern = (sizeBytes: number, seed = 1) =>
  Buffer.from(
    Uint32Array.from({ length: Math.ceil(sizeBytes / 4) }, (_, n) => n * 2_654_435_761 + seed).buffer,
  ).subarray(0, sizeBytes);

const streamOf = (bytes: Buffer, chunkBytes = 10_000) =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    })(),
    { objectMode: false },
  );

async function keep(store: FileBlobStore, blobId: string, offsetBytes: number, bytes: Buffer): Promise<void> {
  const staged = await store.stage({ blobId, offsetBytes }, streamOf(bytes), bytes.length);
  assert.deepEqual(Buffer.from(staged.sha256), createHash('sha256').update(bytes).digest());
  assert.equal(staged.sizeBytes, bytes.length);
  await staged.keep();
}

const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();

test('a blob of several pieces reads as one, anywhere', async () => {
  const { store } = emptyStore();
  const bytes = pattern(3 * segmentBytes + 1000);
  const cuts = [0, 100, segmentBytes + 100, 3 * segmentBytes + 100, bytes.length];
  for (let n = 0; n + 1 < cuts.length; n++)
    await keep(store, 'b', cuts[n]!, bytes.subarray(cuts[n], cuts[n + 1]));
  const reader = store.open('b', bytes.length);
  assert.equal(reader.sizeBytes, bytes.length);
  fc.assert(
    fc.property(
      fc.integer({ min: -10, max: bytes.length + 10 }),
      fc.nat(2 * segmentBytes),
      (offset, length) => {
        const expected = bytes.subarray(
          Math.max(offset, 0),
          Math.min(Math.max(offset, 0) + length, bytes.length),
        );
        assert.ok(expected.equals(reader.read(offset, length)));
      },
    ),
    { numRuns: 200 },
  );
  reader.close();
});

test('every size around a segment survives', async () => {
  const { store } = emptyStore();
  for (const size of [0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1, 2 * segmentBytes]) {
    await keep(store, `size-${size}`, 0, pattern(size));
    const reader = store.open(`size-${size}`, size);
    assert.ok(pattern(size).equals(reader.read(0, size)));
    reader.close();
  }
});

test('nothing on disk shows what it holds, and only the owner may read it', async () => {
  const { dir, store } = emptyStore();
  await keep(store, 'secret-name', 0, Buffer.alloc(200_000, 'PAGEDU64'));
  for (const file of filesIn(dir)) {
    assert.equal(readFileSync(file).includes('PAGEDU64'), false);
    assert.equal(file.includes('secret-name'), false);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }
});

test('a changed byte, a cut, a moved piece, another key: each is noticed', async () => {
  const bytes = pattern(2 * segmentBytes + 50);
  const damages: Record<string, (file: string) => void> = {
    'byte in the head': file => flip(file, 10),
    'byte in the first segment': file => flip(file, headBytes + 5),
    'byte in the last tag': file => flip(file, statSync(file).size - 1),
    'cut inside a segment': file => truncateSync(file, statSync(file).size - 20),
    'cut between segments': file => truncateSync(file, headBytes + sealedSegmentBytes),
    'cut to the head': file => truncateSync(file, headBytes),
    emptied: file => truncateSync(file, 0),
    gone: file => rmSync(file),
  };
  for (const [name, damage] of Object.entries(damages)) {
    const { dir, store } = emptyStore();
    await keep(store, 'b', 0, bytes);
    damage(filesIn(dir)[0]!);
    assert.throws(() => readAll(store, 'b', bytes.length), BlobDamaged, name);
  }
  const { dir, store } = emptyStore();
  await keep(store, 'a', 0, bytes);
  await keep(store, 'b', 0, pattern(bytes.length, 99));
  const [one, other] = filesIn(dir);
  renameSync(one!, other!);
  for (const blob of ['a', 'b'])
    assert.throws(() => readAll(store, blob, bytes.length), BlobDamaged, 'moved');
  await keep(store, 'c', 0, bytes);
  const stranger = new FileBlobStore(dir, Buffer.alloc(32, 8));
  assert.throws(() => readAll(stranger, 'c', bytes.length), BlobDamaged, 'other key');
});

test('a blob that is shorter than it should be is damaged, not short', async () => {
  const { store } = emptyStore();
  await keep(store, 'b', 0, pattern(1000));
  assert.throws(() => store.open('b', 1001), BlobDamaged);
  const shorter = store.open('b', 500);
  assert.equal(shorter.read(0, 1000).length, 500);
  shorter.close();
});

test('what is too long, fails half-way, or is not kept leaves nothing', async () => {
  const { dir, store } = emptyStore();
  const place = { blobId: 'b', offsetBytes: 0 };
  await assert.rejects(store.stage(place, streamOf(pattern(100_001)), 100_000), BlobTooLarge);
  const failing = Readable.from(
    (async function* () {
      yield pattern(70_000);
      throw new Error('cut off');
    })(),
  );
  await assert.rejects(store.stage(place, failing, 100_000), /cut off/);
  await (await store.stage(place, streamOf(pattern(10)), 10)).discard();
  assert.deepEqual(filesIn(dir), []);
});

test('a piece sent again replaces the one before, and a deleted blob is gone', async () => {
  const { dir, store } = emptyStore();
  await keep(store, 'b', 0, pattern(1000, 1));
  await keep(store, 'b', 0, pattern(500, 2));
  assert.ok(pattern(500, 2).equals(readAll(store, 'b', 500)));
  await store.delete('b');
  await store.delete('b');
  assert.deepEqual(filesIn(dir), []);
});

test('what was arriving when a server died is forgotten at its next start', async () => {
  const { dir, store } = emptyStore();
  await keep(store, 'kept', 0, pattern(10));
  await store.stage({ blobId: 'b', offsetBytes: 0 }, streamOf(pattern(10)), 10);
  assert.equal(store.stagedFiles, 1);
  emptyStore(dir).store.clearStaging();
  assert.equal(store.stagedFiles, 0);
  assert.equal(filesIn(dir).length, 1);
});

function readAll(store: FileBlobStore, blobId: string, sizeBytes: number): Buffer {
  const reader = store.open(blobId, sizeBytes);
  try {
    return Buffer.from(reader.read(0, sizeBytes));
  } finally {
    reader.close();
  }
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  writeFileSync(file, bytes);
}
