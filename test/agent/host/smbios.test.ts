import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSmbiosSystem } from '../../../agent/host/smbios.ts';

/** A structure with its texts, as DSP0134 lays it out. */
function structure(
  type: number,
  lengthBytes: number,
  fields: Readonly<Record<number, number>>,
  ...texts: string[]
) {
  const head = Buffer.alloc(lengthBytes);
  head[0] = type;
  head[1] = lengthBytes;
  for (const [offset, value] of Object.entries(fields)) head[Number(offset)] = value;
  const tail = texts.length === 0 ? '\0\0' : `${texts.join('\0')}\0\0`;
  return Buffer.concat([head, Buffer.from(tail, 'latin1')]);
}

const table = (...structures: Buffer[]) => Buffer.concat([Buffer.alloc(8), ...structures]);
const firmware = structure(0, 24, { 4: 1, 5: 2 }, 'Contoso', ' 1.14.3 ');
const system = structure(1, 27, { 4: 1, 5: 2, 7: 3 }, 'Contoso', 'Book 14', 'CB-1');
const end = structure(127, 4, {});
const module8GB = structure(17, 34, { 12: 0x00, 13: 0x20 });
const module32GB = structure(17, 34, { 12: 0xff, 13: 0x7f, 28: 0x00, 29: 0x80, 30: 0x00, 31: 0x00 });
const module512KB = structure(17, 34, { 12: 0x00, 13: 0x82 });
const empty = structure(17, 34, {});
const unsaid = structure(17, 34, { 12: 0xff, 13: 0xff });

test('model, firmware and memory are told', () => {
  assert.deepEqual(readSmbiosSystem(table(firmware, system, module8GB, empty, module32GB, end)), {
    model: 'Contoso Book 14',
    serial: 'CB-1',
    firmwareVersion: '1.14.3',
    memoryMB: 8192 + 32_768,
  });
});

test('memory that is not known whole is not told', () => {
  assert.equal(readSmbiosSystem(table(module8GB, unsaid, end)).memoryMB, undefined);
  assert.equal(readSmbiosSystem(table(module8GB, empty)).memoryMB, undefined, 'the table is cut off');
  assert.equal(readSmbiosSystem(table(module512KB, end)).memoryMB, undefined);
  assert.deepEqual(readSmbiosSystem(table(end)), {});
});

test('a table that is cut anywhere throws nothing', () => {
  const whole = table(firmware, system, module8GB, module32GB, end);
  for (let length = 0; length < whole.length; length++) readSmbiosSystem(whole.subarray(0, length));
});
