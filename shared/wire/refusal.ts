import * as z from 'zod/mini';
import { code, line, parseWith } from './primitives.ts';

/**
 * A request that was not accepted, with any status from 400 on. 503 carries Retry-After and is always worth
 * repeating with the same sequence; other refusals are final for the same bytes.
 */
export const refusal = z.object({ error: z.object({ code, message: line, path: z.optional(line) }) });
export type Refusal = z.infer<typeof refusal>;

export const parseRefusal = (input: unknown) => parseWith(refusal, input);
