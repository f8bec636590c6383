import { hexOf } from '../../shared/bytes/hex.ts';

/** What SMBIOS says about the machine as a whole; absent where the firmware's maker left it out. */
export interface SmbiosSystem {
  readonly model?: string;
  readonly serial?: string;
  /** UUID as Windows writes it. */
  readonly smbiosId?: string;
}

const systemInformation = 1;
const endOfTable = 127;
const headerBytes = 8;
const maxStructures = 4096;
const maxTextBytes = 64;

/**
 * Reads the System Information structure from the raw table as GetSystemFirmwareTable gives it. Damaged tables give
 * what stands before the damage. Source: DMTF DSP0134, 6.1 and 7.2; RawSMBIOSData in Windows.
 */
export function readSmbiosSystem(raw: Uint8Array): SmbiosSystem {
  let at = headerBytes;
  for (let count = 0; count < maxStructures && at + 4 <= raw.length; count++) {
    const [type, lengthBytes = 0] = [raw[at], raw[at + 1]];
    if (lengthBytes < 4 || at + lengthBytes > raw.length || type === endOfTable) break;
    const { texts, next } = readTexts(raw, at + lengthBytes);
    if (type === systemInformation) return systemOf(raw.subarray(at, at + lengthBytes), texts);
    at = next;
  }
  return {};
}

function systemOf(structure: Uint8Array, texts: readonly string[]): SmbiosSystem {
  const textAt = (offset: number) => texts[(structure[offset] ?? 0) - 1]?.trim() || undefined;
  const [maker, product, serial] = [textAt(4), textAt(5), textAt(7)];
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
