import { hexOf } from '../../shared/bytes/hex.ts';

/** What SMBIOS says about the machine as a whole; absent where the firmware's maker left it out. */
export interface SmbiosSystem {
  readonly model?: string;
  readonly serial?: string;
  /** UUID as Windows writes it. */
  readonly smbiosId?: string;
  readonly firmwareVersion?: string;
  /** All modules together; absent where the size of one is not known. */
  readonly memoryMB?: number;
}

const [firmwareInformation, systemInformation, memoryDevice, endOfTable] = [0, 1, 17, 127];
const headerBytes = 8;
const maxStructures = 4096;
const maxTextBytes = 64;

/**
 * Reads firmware, system and memory modules from the raw table as GetSystemFirmwareTable gives it. Damaged tables give
 * what stands before the damage, and then no memory, which could be more. Source: DMTF DSP0134, 6.1, 7.1, 7.2 and 7.18;
 * RawSMBIOSData in Windows.
 */
export function readSmbiosSystem(raw: Uint8Array): SmbiosSystem {
  let at = headerBytes;
  let system: SmbiosSystem | undefined;
  let firmwareVersion: string | undefined;
  const modulesMB: (number | undefined)[] = [];
  let isWhole = false;
  for (let count = 0; count < maxStructures && at + 4 <= raw.length; count++) {
    const [type, lengthBytes = 0] = [raw[at], raw[at + 1]];
    isWhole = type === endOfTable;
    if (lengthBytes < 4 || at + lengthBytes > raw.length || isWhole) break;
    const { texts, next } = readTexts(raw, at + lengthBytes);
    const structure = raw.subarray(at, at + lengthBytes);
    if (type === firmwareInformation) firmwareVersion ??= textAt(structure, 5, texts);
    if (type === systemInformation) system ??= systemOf(structure, texts);
    if (type === memoryDevice) modulesMB.push(sizeOfModule(structure));
    at = next;
  }
  const memoryMB = modulesMB.reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0);
  return {
    ...system,
    ...(firmwareVersion !== undefined && { firmwareVersion }),
    ...(isWhole && memoryMB > 0 && { memoryMB }),
  };
}

/** Size of a memory module in MB, 0 for an empty slot; undefined where the firmware does not say. */
function sizeOfModule(structure: Uint8Array): number | undefined {
  const view = new DataView(structure.buffer, structure.byteOffset, structure.byteLength);
  if (structure.length < 14) return undefined;
  const size = view.getUint16(12, true);
  if (size === 0xffff) return undefined;
  if (size === 0x7fff) return structure.length < 32 ? undefined : view.getUint32(28, true) & 0x7fff_ffff;
  return size >= 0x8000 ? Math.floor((size & 0x7fff) / 1024) : size;
}

const textAt = (structure: Uint8Array, offset: number, texts: readonly string[]) =>
  texts[(structure[offset] ?? 0) - 1]?.trim() || undefined;

function systemOf(structure: Uint8Array, texts: readonly string[]): SmbiosSystem {
  const [maker, product, serial] = [4, 5, 7].map(offset => textAt(structure, offset, texts));
  const model = [maker, product].filter(part => part !== undefined).join(' ');
  const smbiosId = structure.length >= 24 ? uuidOf(structure.subarray(8, 24)) : undefined;
  return {
    ...(model !== '' && { model }),
    ...(serial !== undefined && { serial }),
    ...(smbiosId !== undefined && { smbiosId }),
  };
}

/** The first three fields lie in little-endian order; all zeros or all ones say that there is none. */
function uuidOf(bytes: Uint8Array): string | undefined {
  if (bytes.every(byte => byte === 0) || bytes.every(byte => byte === 0xff)) return undefined;
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const hex = hexOf(Uint8Array.from(order, index => bytes[index] ?? 0));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The zero-ended texts behind a structure, and where the next structure starts. */
function readTexts(
  raw: Uint8Array,
  start: number,
): { readonly texts: readonly string[]; readonly next: number } {
  const texts: string[] = [];
  let at = start;
  while (at < raw.length && raw[at] !== 0) {
    let end = at;
    while (end < raw.length && raw[end] !== 0) end++;
    const printable = raw
      .subarray(at, Math.min(end, at + maxTextBytes))
      .filter(byte => byte >= 0x20 && byte < 0x7f);
    texts.push(String.fromCharCode(...printable));
    at = end + 1;
  }
  // Two zeros end the texts; a structure without any has both right behind it.
  return { texts, next: at === start ? at + 2 : at + 1 };
}
