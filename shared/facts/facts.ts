import * as z from 'zod/mini';

/** A file as a device saw it. `writtenAt` is the last write, UTC; the path is part of the fact's name. */
export interface FileFact {
  readonly sizeBytes: number;
  readonly writtenAt: string;
  readonly sha256?: string | undefined;
}

/**
 * How thoroughly a place was searched, so that absence can be known and not only assumed.
 * With `writtenSince`, every file written at or after that instant is reported and older ones may be left out;
 * without it every file of the place is reported.
 */
export interface SearchFact {
  readonly files: number;
  readonly writtenSince?: string | undefined;
}

export type FactValue = string | number | boolean | FileFact | SearchFact;

/**
 * The flat, typed record drawn from evidence. A name that is absent is unknown, never false.
 * Names are listed in `vocabulary.ts`; the variable part of a name is lower case.
 */
export type Facts = Readonly<Record<string, FactValue>>;

const instant = z.iso.datetime();

export const fileFact = z.object({
  sizeBytes: z.int().check(z.nonnegative()),
  writtenAt: instant,
  sha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
});

export const searchFact = z.object({
  files: z.int().check(z.nonnegative()),
  writtenSince: z.optional(instant),
});
