import { textOfUtf16 } from '../bytes/utf16.ts';
import { textOfUtf8 } from '../bytes/utf8.ts';
import type { LogProblem, TextEncoding } from './boot-log.ts';

/** Logs grow with every start; the newest part of a longer one is read. */
export const maxLogBytes = 4 * 1024 * 1024;

/** A log as lines, without marks that are no text. */
export interface LogText {
  readonly encoding: TextEncoding;
  readonly lines: readonly string[];
  readonly problems: readonly LogProblem[];
}

/** Turns the bytes of a Windows text log into lines; the encoding is told by the byte order mark, else by the zeros. */
export function readLogText(bytes: Uint8Array): LogText {
  const problems: LogProblem[] = [];
  const encoding = findEncoding(bytes);
  let body = bytes.subarray(markBytes(bytes));
  if (body.length > maxLogBytes) {
    const skipped = (body.length - maxLogBytes) & ~1;
    const message = `only the newest ${maxLogBytes} bytes of the log are read; lines are counted from there`;
    problems.push({ code: 'log-too-long', message });
    body = body.subarray(skipped);
  }
  const decoded = encoding === 'utf-16le' ? decodeUtf16(body) : textOfUtf8(body);
  if (decoded.damagedBytes > 0) {
    const message = `${decoded.damagedBytes} bytes are not ${encoding}; U+FFFD stands for each`;
    problems.push({ code: 'damaged-text', message });
  }
  // Windows pads some logs with NULs and puts direction marks around the parts of a date.
  const text = decoded.text.replaceAll(/[\0\u200e\u200f\ufeff]/g, '');
  if (text !== '' && !/[\r\n]$/.test(text)) {
    const message = 'the file ends inside of its last line; what followed is missing';
    problems.push({ code: 'last-line-cut', message });
  }
  return { encoding, lines: text.split(/\r\n|\n|\r/), problems };
}

function decodeUtf16(bytes: Uint8Array): { text: string; damagedBytes: number } {
  const text = textOfUtf16(bytes);
  const lone = text.match(/\p{Cs}/gu)?.length ?? 0;
  const damagedBytes = lone * 2 + (bytes.length % 2);
  return { text: lone > 0 ? text.replaceAll(/\p{Cs}/gu, '\ufffd') : text, damagedBytes };
}

function markBytes(bytes: Uint8Array): number {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 2;
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Text in any language has many ASCII marks, paths and digits, so in UTF-16 many upper bytes are zero. */
function findEncoding(bytes: Uint8Array): TextEncoding {
  if (markBytes(bytes) === 2) return 'utf-16le';
  if (markBytes(bytes) === 3) return 'utf-8';
  const sample = bytes.subarray(0, 4096);
  let [upperZeros, lowerZeros] = [0, 0];
  for (let at = 0; at + 1 < sample.length; at += 2) {
    if (sample[at + 1] === 0) upperZeros++;
    if (sample[at] === 0) lowerZeros++;
  }
  return upperZeros * 4 > sample.length / 2 && upperZeros > lowerZeros * 4 ? 'utf-16le' : 'utf-8';
}
