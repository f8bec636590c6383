/** One element of DER: its tag and where its contents lie. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at an offset; undefined when it does not lie within `end` or has no definite length (X.690, 8.1). */
export function readElement(bytes: Uint8Array, at: number, end: number): DerElement | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (at + 2 > end || tag === undefined || first === undefined) return undefined;
  let [start, length] = [at + 2, first];
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 4 || start + count > end) return undefined;
    length = bytes.subarray(start, start + count).reduce((value, byte) => value * 256 + byte, 0);
    start += count;
  }
  return start + length <= end ? { tag, start, end: start + length } : undefined;
}

const maxChildren = 4096;

/** The elements inside another one; undefined when they do not fill it exactly. */
export function readChildren(
  bytes: Uint8Array,
  { start, end }: DerElement,
): readonly DerElement[] | undefined {
  const children: DerElement[] = [];
  for (let at = start; at < end;) {
    const child = children.length < maxChildren ? readElement(bytes, at, end) : undefined;
    if (!child) return undefined;
    children.push(child);
    at = child.end;
  }
  return children;
}
