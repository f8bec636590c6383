import { ByteCanvas } from './byte-canvas.ts';

export interface DriverFileOptions {
  /** `7.15.18513.0`; each number fits into 16 bits. */
  readonly version: string;
  readonly linkedAt: Date;
  /** The name it was built under, at most 32 characters; without it the resource holds numbers alone. */
  readonly originalName?: string;
  /** Who made it, at most 32 characters. */
  readonly company?: string;
}

const peHeader = 0x80;
const optionalHeader = peHeader + 24;
const sectionTable = optionalHeader + 240;
const textSection = { name: '.text', address: 0x1000, offset: 0x400, sizeBytes: 0x200 };
const resourceSection = { name: '.rsrc', address: 0x2000, offset: 0x600, sizeBytes: 0x200 };

/** Builds a small x64 driver that Windows tools accept as a file: one function that returns, and a version resource. */
export function buildDriverFile({ version, linkedAt, originalName, company }: DriverFileOptions): Uint8Array {
  const canvas = new ByteCanvas();
  canvas.reserve(resourceSection.offset + resourceSection.sizeBytes);
  canvas.ascii(0, 'MZ');
  canvas.u32(0x3c, peHeader);
  writePeHeader(canvas, linkedAt);
  [textSection, resourceSection].forEach((section, index) => {
    const at = sectionTable + index * 40;
    canvas.ascii(at, section.name);
    canvas.u32(at + 8, section.sizeBytes);
    canvas.u32(at + 12, section.address);
    canvas.u32(at + 16, section.sizeBytes);
    canvas.u32(at + 20, section.offset);
    canvas.u32(at + 36, section === textSection ? 0x68000020 : 0x42000040);
  });
  // xor eax, eax; ret: DriverEntry that succeeds.
  canvas.bytes(textSection.offset, Uint8Array.of(0x33, 0xc0, 0xc3));
  writeVersionResource(canvas, version, { CompanyName: company, OriginalFilename: originalName });
  const file = canvas.finish();
  new DataView(file.buffer).setUint32(optionalHeader + 64, checkSumOf(file), true);
  return file;
}

function writePeHeader(canvas: ByteCanvas, linkedAt: Date): void {
  canvas.ascii(peHeader, 'PE');
  canvas.u16(peHeader + 4, 0x8664);
  canvas.u16(peHeader + 6, 2);
  canvas.u32(peHeader + 8, Math.floor(linkedAt.getTime() / 1000));
  canvas.u16(peHeader + 20, 240);
  canvas.u16(peHeader + 22, 0x22);
  canvas.u16(optionalHeader, 0x20b);
  canvas.u32(optionalHeader + 4, textSection.sizeBytes);
  canvas.u32(optionalHeader + 8, resourceSection.sizeBytes);
  canvas.u32(optionalHeader + 16, textSection.address);
  canvas.u32(optionalHeader + 20, textSection.address);
  canvas.u64(optionalHeader + 24, 0x140000000n);
  canvas.u32(optionalHeader + 32, 0x1000);
  canvas.u32(optionalHeader + 36, 0x200);
  canvas.u16(optionalHeader + 40, 10);
  canvas.u16(optionalHeader + 48, 10);
  canvas.u32(optionalHeader + 56, 0x3000);
  canvas.u32(optionalHeader + 60, textSection.offset);
  canvas.u16(optionalHeader + 68, 1);
  canvas.u64(optionalHeader + 72, 0x100000n);
  canvas.u64(optionalHeader + 80, 0x1000n);
  canvas.u32(optionalHeader + 108, 16);
  canvas.u32(optionalHeader + 112 + 2 * 8, resourceSection.address);
  canvas.u32(optionalHeader + 112 + 2 * 8 + 4, resourceSection.sizeBytes);
}

/** Kind, name and language, one entry each, then the version block they lead to. */
function writeVersionResource(
  canvas: ByteCanvas,
  version: string,
  names: Readonly<Record<string, string | undefined>>,
): void {
  const start = resourceSection.offset;
  const versionKind = 16;
  const englishUnitedStates = 0x409;
  const entry = (directory: number, id: number, leadsTo: number) => {
    canvas.u16(start + directory + 14, 1);
    canvas.u32(start + directory + 16, id);
    canvas.u32(start + directory + 20, leadsTo);
  };
  entry(0x00, versionKind, 0x80000018);
  entry(0x18, 1, 0x80000030);
  entry(0x30, englishUnitedStates, 0x48);
  const texts = tableOfTexts(names);
  const blockBytes = 0x5c + texts.length;
  canvas.u32(start + 0x48, resourceSection.address + 0x58);
  canvas.u32(start + 0x4c, blockBytes);

  const block = start + 0x58;
  canvas.u16(block, blockBytes);
  canvas.u16(block + 2, 0x34);
  canvas.utf16(block + 6, 'VS_VERSION_INFO');
  const [major = 0, minor = 0, build = 0, revision = 0] = version.split('.').map(Number);
  const fixed = block + 0x28;
  canvas.u32(fixed, 0xfeef04bd);
  canvas.u32(fixed + 4, 0x10000);
  for (const at of [fixed + 8, fixed + 16]) {
    canvas.u32(at, major * 0x10000 + minor);
    canvas.u32(at + 4, build * 0x10000 + revision);
  }
  canvas.u32(fixed + 24, 0x3f);
  canvas.u32(fixed + 32, 0x40004);
  canvas.u32(fixed + 36, 3);
  canvas.u32(fixed + 40, 7);
  canvas.bytes(block + 0x5c, texts);
}

/** A table of texts in English: each block says its length, that of its value, its type and its name. */
function tableOfTexts(names: Readonly<Record<string, string | undefined>>): Uint8Array {
  const given = Object.entries(names).filter((one): one is [string, string] => one[1] !== undefined);
  if (given.length === 0) return new Uint8Array(0);
  const canvas = new ByteCanvas();
  canvas.reserve(0x3c);
  const header = (at: number, valueUnits: number, key: string) => {
    canvas.u16(at + 2, valueUnits);
    canvas.u16(at + 4, 1);
    canvas.utf16(at + 6, key);
  };
  header(0, 0, 'StringFileInfo');
  header(0x24, 0, '040904b0');
  for (const [key, text] of given) {
    const start = canvas.align(4);
    const value = Math.ceil((start + 6 + (key.length + 1) * 2) / 4) * 4;
    canvas.reserve(value + (text.length + 1) * 2 - start);
    header(start, text.length + 1, key);
    canvas.utf16(value, text);
    canvas.u16(start, canvas.end - start);
  }
  canvas.u16(0, canvas.end);
  canvas.u16(0x24, canvas.end - 0x24);
  return canvas.finish();
}

/** The checksum that the kernel demands of drivers: a folded sum of 16-bit words plus the length. */
function checkSumOf(file: Uint8Array): number {
  const view = new DataView(file.buffer);
  let sum = 0;
  for (let at = 0; at < file.length; at += 2) {
    sum += view.getUint16(at, true);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return sum + file.length;
}
