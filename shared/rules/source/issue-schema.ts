import * as z from 'zod/mini';
import { confidences, maxPatternLength } from '../compiled-rule.ts';

const line = (maxLength: number) => z.string().check(z.minLength(1), z.maxLength(maxLength));
const instant = z.iso.datetime();
const value = z.union([line(512), z.int(), z.boolean()]);
const bound = z.union([line(64), z.int()]);
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** A fact of the vocabulary and one thing asked of it. */
const factCondition = z.strictObject({
  fact: line(400),
  equals: z.optional(value),
  oneOf: z.optional(z.array(value).check(z.minLength(1), z.maxLength(256))),
  /** Half-open range: `from` belongs to it, `until` does not. */
  from: z.optional(bound),
  until: z.optional(bound),
  /** The same as `from` alone. */
  atLeast: z.optional(bound),
  /** The same as `until` alone. */
  below: z.optional(bound),
  /** Wildcards * and ?, case ignored. */
  like: z.optional(line(512)),
  /** A regular expression without look-around and back references, case ignored. */
  matches: z.optional(line(maxPatternLength)),
  exists: z.optional(z.literal(true)),
});
export type FactConditionSource = z.infer<typeof factCondition>;

const fileTraits = {
  written: z.optional(z.strictObject({ from: z.optional(instant), until: z.optional(instant) })),
  sizeBytes: z.optional(z.strictObject({ from: z.optional(z.int()), until: z.optional(z.int()) })),
  sha256: z.optional(z.array(sha256).check(z.minLength(1), z.maxLength(64))),
};
const fileCondition = z.strictObject({ file: line(260), ...fileTraits });
const noFileCondition = z.strictObject({ noFile: line(260), ...fileTraits });
export type FileConditionSource = z.infer<typeof fileCondition>;
export type NoFileConditionSource = z.infer<typeof noFileCondition>;

/** What a condition can be, by the key that tells it. */
export const conditionShapes = { fact: factCondition, file: fileCondition, noFile: noFileCondition } as const;

/** A condition as people write it. */
export type ConditionSource =
  | FactConditionSource
  | FileConditionSource
  | NoFileConditionSource
  | { readonly all: readonly ConditionSource[] }
  | { readonly any: readonly ConditionSource[] }
  | { readonly not: ConditionSource };

const condition: z.ZodMiniType<ConditionSource> = z.lazy(() =>
  z.union([
    factCondition,
    fileCondition,
    noFileCondition,
    z.strictObject({ all: z.array(condition).check(z.minLength(1)) }),
    z.strictObject({ any: z.array(condition).check(z.minLength(1)) }),
    z.strictObject({ not: condition }),
  ]),
);

const fields = {
  id: z.string().check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), z.maxLength(100)),
  title: line(200),
  vendor: line(100),
  product: line(100),
  /** When the first machine can have got it, and the last. */
  firstSeenAt: instant,
  lastSeenAt: z.optional(instant),
  /** Who is affected, in one sentence. */
  affected: line(500),
  /** Builds of Windows that have it, with their revisions where not all do: what a back-test holds matches against. */
  affectedBuilds: z.optional(
    z
      .array(
        z.strictObject({
          build: z.int().check(z.positive()),
          from: z.optional(z.int().check(z.nonnegative())),
          until: z.optional(z.int().check(z.positive())),
        }),
      )
      .check(z.minLength(1), z.maxLength(32)),
  ),
  /** The cause in one line, for the list of incidents. */
  cause: line(160),
  /** What happened, for the admin who reads the incident. */
  summary: line(1000),
  /** The script beside this file; absent where no software can help, as with firmware. */
  remediation: z.optional(z.string().check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*\.mend$/))),
  /** What a person does where no script can, or after one, step by step. */
  advice: z.optional(z.array(line(300)).check(z.minLength(1), z.maxLength(12))),
  /** Whether an approved remediation goes out by itself, after a question, or never. */
  policy: z.enum(['automatic', 'ask', 'never']),
  priority: z.int().check(z.nonnegative(), z.maximum(1000)),
  confidence: z.enum(confidences),
  sources: z
    .array(
      z.strictObject({
        title: line(200),
        url: z.string().check(z.regex(/^https:\/\/[A-Za-z0-9.-]+(\/[!-~]*)?$/), z.maxLength(300)),
        publishedOn: z.optional(z.iso.date()),
      }),
    )
    .check(z.minLength(1), z.maxLength(32)),
  /** What the conditions, or the script, rest on without a source that says so: what a reader must check first. */
  unproven: z.optional(z.array(line(300)).check(z.minLength(1), z.maxLength(12))),
  /** What can be taken for this issue, and how to tell. */
  lookAlikes: z.optional(
    z.array(z.strictObject({ title: line(200), difference: line(500) })).check(z.maxLength(32)),
  ),
};

/** `issue.yaml` with its condition not yet looked at. */
export const issueFrame = z.strictObject({ ...fields, when: z.unknown() });

/** `issue.yaml` as a whole: the published JSON Schema is drawn from it. */
export const issueSchema = z.strictObject({ ...fields, when: condition });
/** A known issue as people write it. */
export type IssueSource = z.infer<typeof issueSchema>;
