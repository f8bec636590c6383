/**
 * The head of a compiled policy of Windows Defender Application Control: format version (4 bytes), policy type (16),
 * platform (16), options (4). A signed one is PKCS #7 around the same bytes, as content of type 1.3.6.1.4.1.311.79.1.
 * Sources: Microsoft Learn, "Use signed policies to protect App Control" (the content type); the parser of the public
 * WDACTools (the fields and bits).
 */
const optionsAt = 36;
const newestFormat = 32;
const contentType = [0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x4f, 0x01];
const octetString = 0x04;

const option = {
  /** UMCI: programs, and not drivers alone. */
  programs: 0x4,
  auditOnly: 0x10000,
  /** In force only while another switch of Windows says so, as that of Smart App Control. */
  conditional: 0x20000000,
} as const;

/** The options of a policy by its first KiB; undefined when it is none. */
export function readPolicyOptions(head: Uint8Array): number | undefined {
  const at = head[0] === 0x30 ? contentOf(head) : 0;
  if (at === undefined || at + optionsAt + 4 > head.length) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const format = view.getUint32(at, true);
  return format >= 1 && format <= newestFormat ? view.getUint32(at + optionsAt, true) : undefined;
}

/** Whether a policy with these options keeps programs from starting that it does not allow. */
export const enforcesOnPrograms = (options: number): boolean =>
  (options & option.programs) !== 0 && (options & (option.auditOnly | option.conditional)) === 0;

/** Where the signed content begins: behind its type, a tag of its own and that of an octet string. */
function contentOf(bytes: Uint8Array): number | undefined {
  const found = bytes.findIndex((_, at) => contentType.every((byte, index) => bytes[at + index] === byte));
  const inner = found < 0 ? undefined : behindLength(bytes, found + contentType.length + 1);
  return inner !== undefined && bytes[inner] === octetString ? behindLength(bytes, inner + 1) : undefined;
}

/** The place behind a length field of DER. */
function behindLength(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  return at + 1 + (first < 0x80 ? 0 : first & 0x7f);
}
