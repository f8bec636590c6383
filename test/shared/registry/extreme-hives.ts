import assert from 'node:assert/strict';
import { buildHive, sealHead } from '../../../agent/lab/registry/hive-builder.ts';
import { key, text } from '../../../agent/lab/registry/key-plan.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { openHive } from '../../../shared/registry/hive.ts';

/** Keys nested deeper than Windows allows. */
export function deepHive(): ByteSource {
  let chain = key('end');
  for (let depth = 0; depth < 600; depth++) chain = key('k', [], [chain]);
  return memorySource(buildHive({ root: chain }));
}

/** A hive that cannot grow: behind its own bins stands one that takes all room up to the limit of 2 GiB. */
export function fullHive(): ByteSource {
  const small = buildHive({ root: key('ROOT', [text('Text', 'some text')]) });
  const ownBytes = small.length - 4096;
  const binBytes = 0x8000_0000 - ownBytes;
  const head = new DataView(small.buffer);
  head.setUint32(40, 0x8000_0000, true);
  sealHead(small);
  const bin = new Uint8Array(4096);
  const view = new DataView(bin.buffer);
  bin.set([0x68, 0x62, 0x69, 0x6e]);
  view.setUint32(4, ownBytes, true);
  view.setUint32(8, binBytes, true);
  view.setInt32(32, -(binBytes - 32), true);
  const filled = Buffer.concat([small, bin]);
  return {
    sizeBytes: 4096 + 0x8000_0000,
    read(offset, lengthBytes) {
      const sizeBytes = Math.max(0, Math.min(lengthBytes, this.sizeBytes - offset));
      const bytes = new Uint8Array(sizeBytes);
      bytes.set(filled.subarray(offset, offset + sizeBytes));
      return bytes;
    },
  };
}

/** Every key shares one long list. */
export function sharedListHive(): ByteSource {
  const names = Array.from({ length: 3000 }, (_, at) => `k${String(at).padStart(5, '0')}`);
  const bytes = buildHive({
    root: key(
      'ROOT',
      [],
      names.map(name => key(name, [], [key('s')])),
    ),
    splitAt: 5000,
  });
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok && opened.hive.root);
  const view = new DataView(bytes.buffer);
  for (const { offset } of opened.hive.subkeys(opened.hive.root)) {
    view.setUint32(offset + 20, 3000, true);
    view.setUint32(offset + 28, opened.hive.root.subkeyList!, true);
  }
  return memorySource(bytes);
}
