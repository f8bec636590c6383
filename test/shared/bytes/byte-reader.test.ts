import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteReader } from '../../../shared/bytes/byte-reader.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';

test('values are read as DataView reads them, anywhere, and never beyond the end', () => {
  const bytes = Uint8Array.from({ length: 40_000 }, (_, at) => (at * 31 + (at >> 7)) & 0xff);
  const view = new DataView(bytes.buffer);
  const reader = new ByteReader(memorySource(bytes));
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: -20, max: 40_020 }), fc.constantFrom(16_383, 16_380, 32_765)),
      at => {
        const inside = (size: number) => at >= 0 && at + size <= bytes.length;
        assert.equal(reader.u8(at), inside(1) ? view.getUint8(at) : undefined);
        assert.equal(reader.u16(at), inside(2) ? view.getUint16(at, true) : undefined);
        assert.equal(reader.u32(at), inside(4) ? view.getUint32(at, true) : undefined);
        assert.equal(reader.u64(at), inside(8) ? view.getBigUint64(at, true) : undefined);
      },
    ),
  );
});

test('places that are no whole numbers hold nothing', () => {
  const reader = new ByteReader(memorySource(new Uint8Array(64)));
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 60, -1]) {
    assert.equal(reader.u32(at), undefined);
    assert.equal(reader.bytes(at, 4), undefined);
    assert.equal(reader.bytes(0, at), undefined);
  }
});

test('a source that gives less than its size tells is read up to what it gives', () => {
  const lying: ByteSource = {
    sizeBytes: 2 ** 50,
    read: (_, lengthBytes) => new Uint8Array(Math.min(lengthBytes, 6)),
  };
  const reader = new ByteReader(lying);
  assert.equal(reader.u32(0), 0);
  assert.equal(reader.u32(4), undefined);
  assert.equal(reader.u64(2 ** 49), undefined);
  assert.equal(reader.bytes(0, 7), undefined);
});

test('a huge source is read in pages and few of them are kept', () => {
  let readBytes = 0;
  const huge: ByteSource = {
    sizeBytes: 2 ** 44,
    read(_, lengthBytes) {
      readBytes += lengthBytes;
      return new Uint8Array(lengthBytes);
    },
  };
  const reader = new ByteReader(huge);
  for (let round = 0; round < 3; round++) for (let at = 0; at < 10; at++) reader.u32(at * 2 ** 40);
  assert.equal(readBytes, 10 * 16 * 1024);
});
