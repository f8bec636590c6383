import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { partitionOfDevice } from '../../../agent/host/boot-entry-volume.ts';
import { publicKeyOfCertificate } from '../../../agent/host/certificate-key.ts';
import { readSmbiosSystem } from '../../../agent/host/smbios.ts';
import { selfSignedCertificate } from '../../../server/http/self-signed-certificate.ts';
import { damagesOf, withDamage } from '../../support/damage.ts';
import type { FuzzedReader } from '../../support/fuzz.ts';

/** What a reading told: all of it or nothing; its callers know no other difference. */
const codes = ['told', 'nothing-told'] as const;

/** One structure of an SMBIOS table: its formatted part behind the type, and the texts behind that. */
const structure = (type: number, fields: readonly number[], texts: readonly string[]) => [
  type,
  4 + fields.length,
  type,
  0,
  ...fields,
  ...texts.flatMap(text => [...Buffer.from(text), 0]),
  ...(texts.length === 0 ? [0, 0] : [0]),
];

/** A raw table as GetSystemFirmwareTable gives it: BIOS, system, board, end. */
export function smbiosTable(system: {
  readonly uuid: readonly number[];
  readonly texts: readonly string[];
  readonly before?: readonly (readonly number[])[];
}): Uint8Array {
  const structures = [
    ...(system.before ?? [structure(0, [1, 2, 0, 0, 3], ['Maker', '1.02', '01/01/2024'])]),
    structure(1, [1, 2, 3, 4, ...system.uuid, 6], system.texts),
    structure(2, [1], ['Board']),
    structure(127, [], []),
  ].flat();
  const length = Buffer.alloc(4);
  length.writeUInt32LE(structures.length);
  return Uint8Array.from([0, 3, 4, 0, ...length, ...structures]);
}

export const exampleUuid = [
  0x0e, 0x6f, 0x1c, 0x8f, 0x11, 0x47, 0x1d, 0x4c, 0x9a, 0x51, 0x2f, 0x7b, 0x7c, 0x1d, 0x0a, 1,
];
export const exampleTexts = ['Contoso', 'Book 14', 'A', 'CB14-0004711'];

/** A certificate as a server presents it, and its key as it lies in it. */
export function exampleCertificate(): { readonly der: Uint8Array; readonly key: Uint8Array } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = selfSignedCertificate(privateKey, {
    commonName: 'rescue',
    dnsNames: ['rescue.contoso.example'],
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2044-01-01T00:00:00Z'),
  });
  const key = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return { der: new Uint8Array(new X509Certificate(pem).raw), key: new Uint8Array(key) };
}

/** The device of a boot entry on a GPT partition, as it stands in the boot store. */
export function deviceElement(partition: Uint8Array): Uint8Array {
  const element = Buffer.alloc(88);
  element.writeUInt32LE(6, 16);
  element.writeUInt32LE(72, 24);
  element.set(partition, 32);
  element.writeUInt32LE(0, 52);
  return new Uint8Array(element);
}

const table = smbiosTable({ uuid: exampleUuid, texts: exampleTexts });
const { der } = exampleCertificate();
const element = deviceElement(Uint8Array.from({ length: 16 }, (_, at) => at + 1));

const reader = (name: string, whole: Uint8Array, read: (bytes: Uint8Array) => boolean): FuzzedReader => ({
  name,
  codes,
  damages: damagesOf([name], { places: fc.nat(whole.length) }),
  read: (damage, _depth, measure) =>
    withDamage(whole, damage, bytes => [measure(bytes.length, () => read(bytes)) ? 'told' : 'nothing-told']),
});

/** What firmware, a server that nobody trusts yet, and the boot store say. */
export const firmwareReaders: readonly FuzzedReader[] = [
  reader('smbios', table, bytes => {
    const { model, serial, smbiosId } = readSmbiosSystem(bytes);
    for (const text of [model, serial])
      if (text !== undefined && !/^[ -~]{1,129}$/.test(text)) throw new Error(`told ${JSON.stringify(text)}`);
    if (smbiosId !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(smbiosId))
      throw new Error(`told ${smbiosId}`);
    return [model, serial, smbiosId].some(one => one !== undefined);
  }),
  reader('certificate', der, bytes => {
    const key = publicKeyOfCertificate(bytes);
    // A key is what stands in the certificate, never bytes of another place.
    if (key && (key[0] !== 0x30 || !Buffer.from(bytes).includes(key)))
      throw new Error('told a key of its own');
    return key !== undefined;
  }),
  reader('boot-entry-device', element, bytes => {
    const partition = partitionOfDevice(bytes);
    if (partition && partition.length !== 16) throw new Error(`told ${partition.length} bytes`);
    return partition !== undefined;
  }),
];
