import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import { type FileProblem, withFile } from './file-source.ts';

export type TextFile =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: FileProblem };

/** The text of a file, cut one byte after `mostBytes`, so that one that is too large can be told as such. */
export function readTextFile(file: string, mostBytes: number): TextFile {
  const read = withFile(file, source => source.read(0, mostBytes + 1));
  if (!read.ok) return read;
  if (read.problem) return { ok: false, problem: read.problem };
  if (read.value.includes(0)) return { ok: false, problem: notText(file, read.value) };
  return { ok: true, text: textOfUtf8(read.value).text };
}

/** Every character of a program or of UTF-16 would be a mistake of its own. */
function notText(file: string, [first, second]: Uint8Array): FileProblem {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const message = isUtf16
    ? `${file} is saved as UTF-16, which editors call Unicode; save it as UTF-8`
    : `${file} is no text; a text file in UTF-8 is expected`;
  return { code: 'not-text', message };
}
