import * as z from 'zod/mini';

/** 128 random bits a device names things with, as 32 lower-case hex digits. */
export const random128 = z.string().check(z.regex(/^[0-9a-f]{32}$/));
/** SHA-256 as 64 lower-case hex digits. */
export const sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** A UUID made by the server. */
export const serverId = z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
/** A stable kebab-case code. */
export const code = z.string().check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), z.maxLength(64));
/** One line a person may read. */
export const line = z.string().check(z.maxLength(512));
/** Position of a message within its episode; repeats of one position get the stored answer. */
export const sequence = z.int().check(z.positive(), z.maximum(10_000));
/** Milliseconds measured on the device's monotonic clock, counted from the start of the recovery run. */
export const runMs = z.int().check(z.nonnegative());
/** Every message names the version of the wire it speaks. */
export const wireVersion = z.literal(1);

/** What went wrong with a message, where (a path into it) and what would be accepted. */
export interface WireProblem {
  readonly code: 'malformed-message';
  readonly message: string;
  readonly path: string;
}

export type Parsed<Message> =
  { readonly ok: true; readonly value: Message } | { readonly ok: false; readonly problem: WireProblem };

/** Parses a message from unknown input; the first problem is named with its place. */
export function parseWith<Schema extends z.ZodMiniType>(
  schema: Schema,
  input: unknown,
): Parsed<z.infer<Schema>> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  const message = `${path === '' ? 'The message' : `Field ${path}`} does not fit: ${issue?.message ?? 'unknown reason'}`;
  return { ok: false, problem: { code: 'malformed-message', message, path } };
}
