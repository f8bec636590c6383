/** What is known about a condition: Kleene's third value is a word of its own, because unknown is not false. */
export type Verdict = 'held' | 'failed' | 'unknown';

/** Failed if one failed, unknown if one is unknown, else held. Nothing asked is nothing proven: unknown. */
export function verdictOfAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.length === 0 || verdicts.includes('unknown') ? 'unknown' : 'held';
}

/** Held if one held, unknown if one is unknown, else failed. Nothing asked is nothing proven: unknown. */
export function verdictOfAny(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('held')) return 'held';
  return verdicts.length === 0 || verdicts.includes('unknown') ? 'unknown' : 'failed';
}

/** Held and failed change places; unknown stays. */
export function verdictOfNot(verdict: Verdict): Verdict {
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'held' ? 'failed' : 'held';
}

export const verdictOf = (held: boolean): Verdict => (held ? 'held' : 'failed');
