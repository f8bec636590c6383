import * as z from 'zod/mini';
import { runMs } from './primitives.ts';

/** The agent's phases; the first word of each is Microsoft's: failed boot, WinRE, network, remediation, reboot. */
export const phases = [
  'failed-boot', 'winre', 'orient', 'find-windows', 'collect', 'network', 'check-in',
  'evidence', 'verify', 'plan', 'apply', 'report', 'reboot', 'hand-over',
] as const; // prettier-ignore
export type Phase = (typeof phases)[number];

/** One moment of a recovery run, told by the device on its own clock. */
export const storyMoment = z.object({
  phase: z.enum(phases),
  atMs: runMs,
  note: z.optional(z.string().check(z.maxLength(200))),
});
export type StoryMoment = z.infer<typeof storyMoment>;

export const story = z.array(storyMoment).check(z.maxLength(64));
export type Story = z.infer<typeof story>;
