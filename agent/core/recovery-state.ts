import * as z from 'zod/mini';
import { code, random128, serverId } from '../../shared/wire/primitives.ts';

/**
 * An attempt as the device remembers it until the server knows how it ended.
 * `applying`: the journal says how far. `applied`: done, the outcome not yet told. `starting`: only a started Windows
 * can say more. `undone`, `stuck`: the next check-in tells.
 */
export const attemptState = z.object({
  attemptId: serverId,
  state: z.enum(['applying', 'applied', 'starting', 'undone', 'stuck']),
  code: z.optional(code),
  /** Whether the script ends with a restart. */
  reboot: z.boolean(),
  /** What the firmware had counted when the attempt was made: unchanged, Windows was not tried since. */
  failedStarts: z.optional(z.int()),
  lastFailedAtMs: z.optional(z.int()),
  rebootsAsked: z.int().check(z.nonnegative()),
});
export type AttemptState = z.infer<typeof attemptState>;

/** One failed-boot story. `sequence` is the last one used. */
export const episodeState = z.object({
  episode: random128,
  previousEpisode: z.optional(random128),
  sequence: z.int().check(z.nonnegative()),
  attemptsMade: z.int().check(z.nonnegative()),
  attempt: z.optional(attemptState),
  /** Remediations that were tried without a network; none is tried twice. */
  triedOffline: z.optional(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(64))),
  /** Windows came up; the server has not been told yet. */
  booted: z.boolean(),
});
export type EpisodeState = z.infer<typeof episodeState>;

/** `state.json`: what changes from run to run. Versions, sequences and the time floor only rise. */
export const recoveryState = z.object({
  version: z.literal(1),
  timeFloorMs: z.int().check(z.nonnegative()),
  trustVersion: z.int().check(z.nonnegative()),
  recallVersion: z.int().check(z.nonnegative()),
  sequencesObeyed: z.record(z.string(), z.int()),
  /** The highest version of an offline bundle that was used. */
  bundleVersion: z.optional(z.int().check(z.nonnegative())),
  /** The highest number of an agent release that was taken, whatever became of it. */
  releaseNumber: z.optional(z.int().check(z.nonnegative())),
  /** Ids of this machine's recovery passwords that the server keeps, as it told last. */
  keptKeys: z.optional(z.array(z.string()).check(z.maxLength(16))),
  episode: z.optional(episodeState),
  lastEpisode: z.optional(random128),
});
export type RecoveryState = z.infer<typeof recoveryState>;

export const emptyState: RecoveryState = {
  version: 1,
  timeFloorMs: 0,
  trustVersion: 0,
  recallVersion: 0,
  sequencesObeyed: {},
};

/** An order is not obeyed after this many attempts in one episode: then a person must look. */
export const maxAttempts = 3;
