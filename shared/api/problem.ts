import * as z from 'zod/mini';

/** Every refused API request has this body. `code` is stable; `message` says what is wrong and what to do. */
export const problem = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    path: z.optional(z.string()),
    role: z.optional(z.string()),
  }),
});
export type Problem = z.infer<typeof problem>;
