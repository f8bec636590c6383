import type { ByteSource } from './byte-source.ts';

const pageBytes = 64 * 1024;
const mostPages = 64;

/** A source that keeps the pages looked at last, 4 MiB at most: for many small reads of a file on disk. */
export function pagedSource(source: ByteSource): ByteSource {
  const pages = new Map<number, Uint8Array>();
  const getPage = (number: number): Uint8Array => {
    const page = pages.get(number) ?? source.read(number * pageBytes, pageBytes);
    // The page used last stands at the end.
    pages.delete(number);
    pages.set(number, page);
    if (pages.size > mostPages) pages.delete(pages.keys().next().value!);
    return page;
  };
  return {
    sizeBytes: source.sizeBytes,
    read(offset, lengthBytes) {
      const start = Math.min(Math.max(offset, 0), source.sizeBytes);
      const end = Math.min(start + Math.max(lengthBytes, 0), source.sizeBytes);
      if (end - start > pageBytes) return source.read(start, end - start);
      const first = Math.floor(start / pageBytes);
      const page = getPage(first);
      const from = start - first * pageBytes;
      if (end <= (first + 1) * pageBytes) return page.subarray(from, from + end - start);
      const head = page.subarray(from);
      const rest = getPage(first + 1).subarray(0, end - (first + 1) * pageBytes);
      const joined = new Uint8Array(head.length + rest.length);
      joined.set(head);
      joined.set(rest, head.length);
      return joined;
    },
  };
}
