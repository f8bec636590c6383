import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { partitionOfDevice } from '../../../agent/host/boot-entry-volume.ts';
import { publicKeyOfCertificate } from '../../../agent/host/certificate-key.ts';
import { readSmbiosSystem } from '../../../agent/host/smbios.ts';
import {
  deviceElement,
  exampleCertificate,
  exampleTexts,
  exampleUuid,
  smbiosTable,
} from './damaged-firmware.ts';

const example = {
  model: 'Contoso Book 14',
  serial: 'CB14-0004711',
  smbiosId: '8f1c6f0e-4711-4c1d-9a51-2f7b7c1d0a01',
};

describe('what SMBIOS says about the machine', () => {
  test('maker and product, serial number, and the UUID as Windows writes it', () => {
    assert.deepEqual(readSmbiosSystem(smbiosTable({ uuid: exampleUuid, texts: exampleTexts })), {
      ...example,
      firmwareVersion: '1.02',
    });
  });

  test('a UUID of zeros or ones, blank texts and texts that are not there say nothing', () => {
    for (const byte of [0, 0xff])
      assert.deepEqual(
        readSmbiosSystem(smbiosTable({ uuid: Array.from({ length: 16 }, () => byte), texts: ['   ', ''] })),
        { firmwareVersion: '1.02' },
      );
  });

  test('controls and letters of other code pages are left out of what is sent', () => {
    const texts = ['Con\u0007toso', 'B\u00fcro', '1', '4711'];
    const { model } = readSmbiosSystem(smbiosTable({ uuid: exampleUuid, texts }));
    assert.equal(model, 'Contoso Bro');
  });

  test('structures without texts, and a table without the one that is asked for', () => {
    const bare = [
      [22, 4, 0, 0, 0, 0],
      [126, 6, 0, 0, 9, 9, 0, 0],
    ];
    assert.deepEqual(
      readSmbiosSystem(smbiosTable({ uuid: exampleUuid, texts: exampleTexts, before: bare })),
      example,
    );
    assert.deepEqual(readSmbiosSystem(Uint8Array.from([0, 3, 4, 0, 6, 0, 0, 0, 127, 4, 0, 0, 0, 0])), {});
  });

  test('cut anywhere, it tells a part of the same and nothing else', () => {
    const whole = smbiosTable({ uuid: exampleUuid, texts: exampleTexts });
    for (let length = 0; length < whole.length; length++) {
      const { smbiosId, serial, model } = readSmbiosSystem(whole.subarray(0, length));
      assert.ok(smbiosId === undefined || smbiosId === example.smbiosId, `cut at ${length}`);
      assert.ok(example.serial.startsWith(serial ?? ''), `cut at ${length}`);
      assert.ok(example.model.startsWith(model ?? ''), `cut at ${length}`);
    }
  });
});

describe('the key of a certificate', () => {
  test('is the one that OpenSSL finds in it, byte for byte', () => {
    const { der, key } = exampleCertificate();
    assert.deepEqual(publicKeyOfCertificate(der), key);
  });

  test('is not read from a certificate that is cut anywhere', () => {
    const { der } = exampleCertificate();
    for (let length = 0; length < der.length; length++)
      assert.equal(publicKeyOfCertificate(der.subarray(0, length)), undefined, `cut at ${length}`);
  });
});

describe('the partition that a boot entry names', () => {
  const partition = Uint8Array.from({ length: 16 }, (_, at) => 0xa0 + at);

  test('is the GUID in its device element, also inside a larger buffer', () => {
    const element = deviceElement(partition);
    assert.deepEqual(partitionOfDevice(element), partition);
    const larger = new Uint8Array(element.length + 7);
    larger.set(element, 7);
    assert.deepEqual(partitionOfDevice(larger.subarray(7)), partition);
  });

  test('is none in an element that is cut, of another kind of device or of another partition style', () => {
    const element = deviceElement(partition);
    for (let length = 0; length < 56; length++)
      assert.equal(partitionOfDevice(element.subarray(0, length)), undefined);
    assert.equal(partitionOfDevice(element.with(16, 5)), undefined);
    assert.equal(partitionOfDevice(element.with(52, 1)), undefined);
  });
});
