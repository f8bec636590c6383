import type { SrtTrail } from '../bootlog/srt-trail.ts';
import type { Facts } from './facts.ts';

/** The facts the newest session of Startup Repair states. */
export function factsOfStartupRepair({ sessions, attempts }: Pick<SrtTrail, 'sessions' | 'attempts'>): Facts {
  const rootCause = sessions.at(-1)?.rootCauses[0]?.text;
  return {
    ...(rootCause !== undefined && { 'srt.rootCause': rootCause.slice(0, 512) }),
    ...(attempts !== null && { 'srt.attempts': attempts }),
  };
}
