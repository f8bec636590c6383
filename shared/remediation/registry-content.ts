import { bytesOfHex, hexOf } from '../bytes/hex.ts';
import {
  decodeNumber,
  decodeText,
  decodeTextList,
  encodeDword,
  encodeQword,
  encodeText,
  encodeTextList,
  valueTypes,
} from '../registry/value-type.ts';
import type { RegistryContent } from './tree-parts.ts';

/** Data of a value of this type as a content; undefined for types that scripts have no words for. */
export function contentOf(type: number, data: Uint8Array): RegistryContent | undefined {
  switch (type) {
    case valueTypes.dword:
    case valueTypes.dwordBigEndian: {
      const number = decodeNumber(type, data);
      return number === undefined ? undefined : { kind: 'number', number: Number(number) };
    }
    case valueTypes.qword: {
      const number = decodeNumber(type, data);
      return number === undefined ? undefined : { kind: '64-bit number', digits: String(number) };
    }
    case valueTypes.text:
    case valueTypes.link:
      return { kind: 'text', text: decodeText(data) };
    case valueTypes.expandableText:
      return { kind: 'expandable text', text: decodeText(data) };
    case valueTypes.textList: {
      const texts = decodeTextList(data);
      // A list with empty texts inside, as pending renames are, is more than its first texts; the last NUL may be missing.
      const isWhole = [0, 2].includes(encodeTextList(texts).length - data.length);
      return isWhole || data.length === 0 ? { kind: 'texts', texts } : undefined;
    }
    case valueTypes.binary:
      return { kind: 'binary', hex: hexOf(data) };
    default:
      return undefined;
  }
}

/** Type and data of a content where nothing says another type. */
export function encodeContent(content: RegistryContent): {
  readonly type: number;
  readonly data: Uint8Array;
} {
  switch (content.kind) {
    case 'number':
      return { type: valueTypes.dword, data: encodeDword(content.number) };
    case '64-bit number':
      return { type: valueTypes.qword, data: encodeQword(BigInt(content.digits)) };
    case 'text':
      return { type: valueTypes.text, data: encodeText(content.text) };
    case 'expandable text':
      return { type: valueTypes.expandableText, data: encodeText(content.text) };
    case 'texts':
      return { type: valueTypes.textList, data: encodeTextList(content.texts) };
    case 'binary':
      return { type: valueTypes.binary, data: bytesOfHex(content.hex) ?? new Uint8Array(0) };
    default:
      return content satisfies never;
  }
}

/** Whether what was found is what was asked for: `number` means one of 64 bits too, `text` one that is expanded too. */
export function isSameContent(found: RegistryContent | undefined, asked: RegistryContent): boolean {
  if (found === undefined) return false;
  if (asked.kind === 'number' && found.kind === '64-bit number') return found.digits === String(asked.number);
  if (asked.kind === 'text' && found.kind === 'expandable text') return found.text === asked.text;
  return printContent(found) === printContent(asked);
}

/** A content as scripts write it: `number 1`, `texts "a", "b"`. */
export function printContent(content: RegistryContent): string {
  switch (content.kind) {
    case 'number':
      return `number ${content.number}`;
    case '64-bit number':
      return `64-bit number ${content.digits}`;
    case 'text':
    case 'expandable text':
      return `${content.kind} "${content.text}"`;
    case 'texts':
      return `texts ${content.texts.map(text => `"${text}"`).join(', ')}`.trimEnd();
    case 'binary':
      return `binary ${content.hex}`;
    default:
      return content satisfies never;
  }
}
