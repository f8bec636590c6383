import type { Verdict } from '../facts/verdict.ts';
import type { Probe } from '../wire/answer.ts';

/** One condition of a rule, explained on one machine. */
export interface Finding {
  readonly kind: 'condition';
  readonly verdict: Verdict;
  /** What was asked, as a sentence. */
  readonly sentence: string;
  /** The value it was asked of; absent when nothing was reported. */
  readonly value?: string;
  /** Where that value comes from: `crash dump`, `directory listing`. */
  readonly evidence?: string;
  /** What would settle it, when it is unknown and may be asked for. */
  readonly probe?: Probe;
}

/** `all` or `any` over findings; what a rule negates is negated in the findings themselves. */
export interface GroupFinding {
  readonly kind: 'all' | 'any';
  readonly verdict: Verdict;
  readonly findings: readonly (Finding | GroupFinding)[];
}

/** What a rule comes to on the facts of a machine, and why. */
export interface Evaluation {
  readonly verdict: 'matched' | 'failed' | 'unknown';
  readonly finding: Finding | GroupFinding;
  /** How many single conditions the rule asks. */
  readonly asked: number;
  /** Questions whose answers could settle an unknown verdict; empty otherwise. */
  readonly probes: readonly Probe[];
}

/** The single conditions of a finding in the order of the rule. */
export const listFindings = (finding: Finding | GroupFinding): readonly Finding[] =>
  finding.kind === 'condition' ? [finding] : finding.findings.flatMap(listFindings);
