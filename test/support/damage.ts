import fc from 'fast-check';
import { type ByteSource, memorySource } from '../../shared/bytes/byte-source.ts';

/** Bytes that are written over others: a number, a text, or bytes of another place of the file. */
export type Edit =
  | { readonly at: number; readonly value: number; readonly width: 1 | 4 | 8 }
  | { readonly at: number; readonly text: string }
  | { readonly at: number; readonly from: number; readonly lengthBytes: number };

/** What is done to one of several whole files. Places count modulo the file's size, so that all of them hit. */
export interface Damage {
  readonly kind: string;
  readonly edits: readonly Edit[];
  readonly cutAt: number | null;
  readonly unreadableFrom: number | null;
  /** Whatever else a reader wants to vary, 0 to 255. */
  readonly roll: number;
}

export interface DamageOptions {
  /** Where structures begin or hold sizes, counts and offsets; half of all edits go there. */
  readonly places?: fc.Arbitrary<number>;
  /** Pieces of the format, one character for each byte. */
  readonly texts?: readonly string[];
}

const anywhere = fc.nat(0xfffff);
const values = [0, 1, 8, 0x1fff, 0x2000, 0x45474150, 0x7fffffff, 0x80000000, 0xffff8000, 0xffffffff];
const values32 = fc.oneof(fc.constantFrom(...values), fc.nat(0x10000), fc.nat(0xffffffff));

/** Damage to files of these kinds. */
export function damagesOf(
  kinds: readonly string[],
  { places, texts = [] }: DamageOptions = {},
): fc.Arbitrary<Damage> {
  const at = places ? fc.oneof(anywhere, places) : anywhere;
  const numbers = fc.record({
    at,
    value: values32,
    width: fc.constantFrom(1 as const, 4 as const, 8 as const),
  });
  const copies = fc.record({ at, from: anywhere, lengthBytes: fc.integer({ min: 1, max: 256 }) });
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 6, arbitrary: numbers },
    { weight: 1, arbitrary: copies },
    ...(texts.length > 0
      ? [{ weight: 6, arbitrary: fc.record({ at, text: fc.constantFrom(...texts) }) }]
      : []),
  );
  return fc.record({
    kind: fc.constantFrom(...kinds),
    edits: fc.array(edit, { maxLength: 6 }),
    cutAt: sometimes(anywhere),
    unreadableFrom: sometimes(anywhere),
    roll: fc.nat(255),
  });
}

const sometimes = (one: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one });

/** Has a file read with its damage and takes the damage back, which is quicker than to copy a large file. */
export function withDamage<Result>(
  whole: Uint8Array,
  damage: Damage,
  read: (bytes: Uint8Array) => Result,
): Result {
  const undo: { at: number; bytes: Uint8Array }[] = [];
  for (const edit of damage.edits) {
    const at = edit.at % whole.length;
    const bytes = bytesOf(whole, edit).subarray(0, whole.length - at);
    undo.push({ at, bytes: whole.slice(at, at + bytes.length) });
    whole.set(bytes, at);
  }
  try {
    return read(damage.cutAt === null ? whole : whole.subarray(0, damage.cutAt % (whole.length + 1)));
  } finally {
    for (const { at, bytes } of undo.reverse()) whole.set(bytes, at);
  }
}

function bytesOf(whole: Uint8Array, edit: Edit): Uint8Array {
  if ('text' in edit) return Uint8Array.from(edit.text, one => one.charCodeAt(0));
  if ('from' in edit) {
    const from = edit.from % whole.length;
    return whole.slice(from, from + edit.lengthBytes);
  }
  const bytes = new Uint8Array(edit.width).fill(0xff);
  for (let byte = 0; byte < Math.min(edit.width, 4); byte++) bytes[byte] = (edit.value >>> (byte * 8)) & 0xff;
  return bytes;
}

/** The bytes as a source, of which damage may make 64 kB unreadable. */
export const sourceOf = (bytes: Uint8Array, damage: Damage): ByteSource =>
  withHole(memorySource(bytes), damage.unreadableFrom);

/** A source of which 64 kB cannot be read. */
export function withHole(source: ByteSource, from: number | null): ByteSource {
  if (from === null) return source;
  const start = from % (source.sizeBytes + 1);
  return {
    sizeBytes: source.sizeBytes,
    read(offset, lengthBytes) {
      const isHit = offset < start + 0x10000 && offset + lengthBytes > start;
      return isHit ? source.read(offset, Math.max(start - offset, 0)) : source.read(offset, lengthBytes);
    },
  };
}
