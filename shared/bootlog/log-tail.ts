import type { ByteSource } from '../bytes/byte-source.ts';
import { type LogText, maxLogBytes, readLogText } from './log-text.ts';

/** The newest part of a log that may be larger than memory, as whole lines; the encoding is told by its bytes. */
export function readLogTail(source: ByteSource): LogText {
  const start = Math.max(0, source.sizeBytes - maxLogBytes);
  // An even start keeps the two halves of UTF-16 together.
  const evenStart = start + (start % 2);
  const text = readLogText(source.read(evenStart, source.sizeBytes - evenStart));
  if (evenStart === 0) return text;
  const message = `only the newest ${maxLogBytes} bytes of the log are read; lines are counted from there`;
  const problems = [{ code: 'log-too-long', message }, ...text.problems.filter(isAboutText)];
  return { encoding: text.encoding, lines: text.lines.slice(1), problems };
}

/** The cut may fall into a character; that is no damage of the log. */
const isAboutText = ({ code }: { readonly code: string }) => code !== 'damaged-text';
