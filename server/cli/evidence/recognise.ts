/** What the first bytes of a file promise; `text` and `small` say only which readers are worth a try. */
export type FirstLook =
  'crash-dump' | 'hive' | 'hive-log' | 'event-log' | 'driver' | 'archive' | 'text' | 'small' | 'other';

const largestBootStatusBytes = 128 * 1024;

/** Recognises a file by its first bytes, never by its name. */
export function lookAt(head: Uint8Array, sizeBytes: number): FirstLook {
  const start = String.fromCharCode(...head.subarray(0, 8));
  if (/^PAGEDU(MP|64)/.test(start) || start.startsWith('RDMP')) return 'crash-dump';
  if (start.startsWith('regf')) return isHiveLog(head) ? 'hive-log' : 'hive';
  if (start.startsWith('ElfFile\0')) return 'event-log';
  if (start.startsWith('MZ')) return 'driver';
  if (isArchive(head)) return 'archive';
  if (looksLikeText(head)) return 'text';
  return sizeBytes <= largestBootStatusBytes ? 'small' : 'other';
}

/** Whether a file is a ZIP; an empty one begins with the end of its list. */
export const isArchive = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && archiveMarks.some(mark => head[2] === mark && head[3] === mark + 1);

const archiveMarks = [3, 5, 7];

/** Logs of a hive begin with a copy of its base block that tells its own type. */
const isHiveLog = (head: Uint8Array) => head.length > 32 && head[28] !== 0;

/** Text in UTF-8, UTF-16 or an old code page: no control characters but those of lines, zeros only as upper bytes. */
function looksLikeText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  const isMarked = head[0] === 0xff && head[1] === 0xfe;
  const isWide = isMarked || (head.length > 3 && head[1] === 0 && head[0] !== 0);
  let odd = 0;
  head.forEach((byte, at) => {
    if (isWide && at % 2 === 1) return;
    if (byte < 32 && !(byte >= 9 && byte <= 13)) odd++;
  });
  return odd * 50 <= head.length;
}
