import type { ByteSource, FileOffset } from '../bytes/byte-source.ts';
import { HiveImage } from './hive-image.ts';

/**
 * Bytes of a file that change. The patches of one list are disjoint and ascend; only where the file ends may `before`
 * and `after` differ in length: there the file grows or shrinks.
 */
export interface BytePatch {
  readonly offset: FileOffset;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Why patches do not fit a file. */
export interface PatchProblem {
  readonly code: 'bytes-differ' | 'not-at-the-end';
  readonly message: string;
  readonly offset: FileOffset;
}

export type PatchResult =
  { readonly ok: true; readonly image: ByteSource } | { readonly ok: false; readonly problem: PatchProblem };

/** The file as the patches make it, without changing it; refused unless every `before` stands in it. */
export function applyPatches(file: ByteSource, patches: readonly BytePatch[]): PatchResult {
  const image = new HiveImage(file);
  for (const { offset, before, after } of patches) {
    const found = file.read(offset, before.length);
    const differs =
      found.length !== before.length ? found.length : found.findIndex((b, at) => b !== before[at]);
    if (differs >= 0) {
      const message =
        'the file does not hold what the patch replaces; a patch fits only the file it was planned for';
      return { ok: false, problem: { code: 'bytes-differ', message, offset: offset + differs } };
    }
    if (before.length !== after.length && offset + before.length !== file.sizeBytes) {
      const message = 'the patch changes the length of the file before its end';
      return { ok: false, problem: { code: 'not-at-the-end', message, offset } };
    }
    if (after.length < before.length) image.truncate(offset + after.length);
    image.write(offset, after);
  }
  return { ok: true, image };
}

/** The patches that undo these. */
export const invertPatches = (patches: readonly BytePatch[]): readonly BytePatch[] =>
  patches.map(({ offset, before, after }) => ({ offset, before: after, after: before }));
