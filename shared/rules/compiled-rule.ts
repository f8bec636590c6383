import * as z from 'zod/mini';
import { compilePattern } from './pattern/linear-pattern.ts';

/** Nesting and size of a rule are bounded, so that evaluating one is bounded. */
export const maxConditions = 64;
export const maxDepth = 6;

const factName = z.string().check(z.minLength(1), z.maxLength(400));
const text = z.string().check(z.maxLength(512));
const version = z.string().check(z.regex(/^\d{1,9}(\.\d{1,9}){0,3}$/));
const hex64 = z.string().check(z.regex(/^0x[0-9a-f]{1,16}$/));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const rangeOf = <Schema extends z.ZodMiniType>(value: Schema) =>
  z.object({ from: z.optional(value), until: z.optional(value) });

export const equalsCondition = z.object({
  kind: z.literal('equals'),
  fact: factName,
  oneOf: z.array(z.union([text, z.int(), z.boolean()])).check(z.minLength(1), z.maxLength(256)),
});
export const globCondition = z.object({ kind: z.literal('glob'), fact: factName, pattern: text });
/** A regular expression of the safe subset; a longer one asks too much. */
export const maxPatternLength = 200;
export const patternCondition = z.object({
  kind: z.literal('pattern'),
  fact: factName,
  pattern: z.string().check(
    z.maxLength(maxPatternLength),
    z.refine(text => 'pattern' in compilePattern(text)),
  ),
});
export const existsCondition = z.object({ kind: z.literal('exists'), fact: factName });
export const numberCondition = z.object({
  kind: z.literal('number'),
  fact: factName,
  range: rangeOf(z.int()),
});
export const hexCondition = z.object({ kind: z.literal('hex'), fact: factName, range: rangeOf(hex64) });
export const versionCondition = z.object({
  kind: z.literal('version'),
  fact: factName,
  range: rangeOf(version),
});
export const instantCondition = z.object({
  kind: z.literal('instant'),
  fact: factName,
  range: rangeOf(z.iso.datetime()),
});
/** A file of this name, written and sized like that, is on the machine. */
export const fileCondition = z.object({
  kind: z.literal('file'),
  path: text,
  written: z.optional(rangeOf(z.iso.datetime())),
  sizeBytes: z.optional(rangeOf(z.int().check(z.nonnegative()))),
  sha256: z.optional(z.array(sha256).check(z.minLength(1), z.maxLength(64))),
});

export const leafCondition = z.discriminatedUnion('kind', [
  equalsCondition,
  globCondition,
  patternCondition,
  existsCondition,
  numberCondition,
  hexCondition,
  versionCondition,
  instantCondition,
  fileCondition,
]);
export type LeafCondition = z.infer<typeof leafCondition>;
export type FileCondition = z.infer<typeof fileCondition>;

/** A condition over facts. Ranges are half-open; a fact that is absent makes it unknown. */
export type Condition =
  | LeafCondition
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };

export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/** A known issue as plain JSON that server, console and agent evaluate alike. */
export interface CompiledRule {
  readonly id: string;
  readonly title: string;
  /** 0 to 1000; the higher one is tried first. */
  readonly priority: number;
  readonly confidence: Confidence;
  readonly when: Condition;
}
