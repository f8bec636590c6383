import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { readOrigin } from '../../../shared/portable-executable/origin.ts';
import { readFileVersion } from '../../../shared/portable-executable/portable-executable.ts';
import { signedFile } from './signed-file.ts';

const linkedAt = new Date('2024-06-04T00:00:00Z');
const build = (company?: string) =>
  buildDriverFile({ version: '10.0.19041.1', linkedAt, ...(company !== undefined && { company }) });
const originOf = (bytes: Uint8Array) => readOrigin(memorySource(bytes));

test('the company in the version resource says whose a file is', () => {
  assert.equal(originOf(build('Microsoft Corporation')), 'microsoft');
  assert.equal(originOf(build('CrowdStrike, Inc.')), 'other');
  assert.equal(originOf(build()), 'other');
  assert.equal(readFileVersion(memorySource(build('Microsoft Corporation'))), '10.0.19041.1');
});

test('so does the name of who signed it, and a driver that Microsoft only attested is not its own', () => {
  const attested = ['Microsoft Windows Hardware Compatibility Publisher', 'CrowdStrike, Inc.'];
  assert.equal(originOf(signedFile(build(), ['Microsoft Windows'])), 'microsoft');
  assert.equal(
    originOf(signedFile(build('Contoso'), ['Contoso CA', 'Microsoft Windows Publisher'])),
    'microsoft',
  );
  assert.equal(originOf(signedFile(build(), attested)), 'other');
  assert.equal(
    originOf(signedFile(build(), ['Microsoft Windows Early Launch Anti-malware Publisher'])),
    'other',
  );
});

test('what is no executable is nobody’s, and what cannot be read is unknown', () => {
  assert.equal(originOf(Buffer.alloc(41_004)), 'other');
  assert.equal(originOf(new Uint8Array(0)), 'other');
  assert.equal(originOf(Buffer.from('\xaa\xaa\xaa\xaachannel file', 'latin1')), 'other');
  const unreadable: ByteSource = { sizeBytes: 4096, read: () => new Uint8Array(0) };
  assert.equal(readOrigin(unreadable), 'unknown');
  assert.equal(originOf(build().subarray(0, 0x620)), 'unknown');
  assert.equal(originOf(build().subarray(0, 0xa0)), 'unknown');
  const signed = signedFile(build(), ['Contoso']);
  assert.equal(originOf(signed.subarray(0, signed.length - 8)), 'unknown');
});

test('a signature that promises more than can be looked at leaves it unknown', () => {
  const signed = signedFile(build(), ['Contoso']);
  new DataView(signed.buffer).setUint32(build().length, 0x7fffffff, true);
  assert.equal(originOf(signed), 'unknown');
});

test('changed bytes and cuts never make a file of Microsoft somebody else’s without being noticed, nor the reader fail', () => {
  const signed = signedFile(build('Microsoft Corporation'), ['Microsoft Windows', 'Contoso']);
  let readBytes = 0;
  const counted = (bytes: Uint8Array): ByteSource => ({
    sizeBytes: bytes.length,
    read(offset, lengthBytes) {
      readBytes += lengthBytes;
      return memorySource(bytes).read(offset, lengthBytes);
    },
  });
  const change = fc.tuple(fc.integer({ min: 0, max: signed.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 12 }),
      fc.integer({ min: 0, max: signed.length }),
      (changes, length) => {
        const bytes = signed.slice();
        for (const [at, value] of changes) bytes[at] = value;
        readBytes = 0;
        assert.ok(['microsoft', 'other', 'unknown'].includes(readOrigin(counted(bytes.subarray(0, length)))));
        assert.ok(readBytes < 4 * 1024 * 1024);
      },
    ),
    { numRuns: 1000 },
  );
  for (let length = 0x200; length < signed.length; length += 7)
    assert.notEqual(originOf(signed.subarray(0, length)), 'other');
});
