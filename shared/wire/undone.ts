import * as z from 'zod/mini';
import { code, line, parseWith, serverId, wireVersion } from './primitives.ts';

/**
 * A healthy Windows says how an undo order ended: `POST /v1/undone`. `undone`: everything is as it was before the attempt,
 * also when it was so already. `refused`: nothing was touched. `stuck`: it could not be taken back whole.
 */
export const undone = z.object({
  version: wireVersion,
  attemptId: serverId,
  state: z.enum(['undone', 'refused', 'stuck']),
  code: z.optional(code),
  reason: z.optional(line),
});
export type Undone = z.infer<typeof undone>;

export const undoneAnswer = z.object({ version: wireVersion });

export const parseUndone = (input: unknown) => parseWith(undone, input);
export const parseUndoneAnswer = (input: unknown) => parseWith(undoneAnswer, input);

export const undoneExample: Undone = {
  version: 1,
  attemptId: '01900000-0000-7000-8000-000000000001',
  state: 'refused',
  code: 'hive-in-use',
  reason: 'The attempt changed the registry, which Windows has used since.',
};
