import type { Verdict } from '../facts/verdict.ts';
import type { Evaluation, Finding, GroupFinding } from './evaluation.ts';

/** A line of an explanation: a single condition, or a group of which the deeper lines that follow are the parts. */
export interface ToldLine {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly value?: string;
  readonly evidence?: string;
  /** Absent on lines that must all hold; every step is a group further in. */
  readonly depth?: number;
  readonly isGroup?: true;
}

/**
 * The reasons of an evaluation in the order of the rule, as people read them. Where one of several ways was enough, only
 * the ways that hold are told: why the others do not is no reason.
 */
export const tellFindings = ({ finding }: Pick<Evaluation, 'finding'>): readonly ToldLine[] =>
  tell(finding, 0);

/** How many of the lines that must all hold do, and how many there are. */
export function countHeld(
  lines: readonly { readonly verdict: Verdict; readonly depth?: number | undefined }[],
): {
  held: number;
  all: number;
} {
  const asked = lines.filter(line => line.depth === undefined);
  return { held: asked.filter(line => line.verdict === 'held').length, all: asked.length };
}

function tell(finding: Finding | GroupFinding, depth: number): readonly ToldLine[] {
  switch (finding.kind) {
    case 'condition':
      return [lineOf(finding, depth)];
    case 'all':
      return finding.findings.flatMap(one => tell(one, depth));
    case 'any':
      return tellWays(finding, depth);
    default:
      return finding satisfies never;
  }
}

/** Of several ways those that tell something: what holds where one does, else all but those that come least near. */
function tellWays({ verdict, findings }: GroupFinding, depth: number): readonly ToldLine[] {
  const isAnyNear = findings.some(one => countHolding(one) > 0);
  const telling = findings.filter(one =>
    verdict === 'held'
      ? one.verdict === 'held'
      : one.verdict === 'unknown' || !isAnyNear || countHolding(one) > 0,
  );
  const left = verdict === 'held' ? 0 : findings.length - telling.length;
  const [only, ...others] = telling;
  if (only && others.length === 0 && left === 0) return tell(only, depth);
  return [
    groupOf('One of these:', verdict, depth),
    ...telling.flatMap(one =>
      one.kind === 'all' && one.findings.length > 1
        ? [groupOf('All of these:', one.verdict, depth + 1), ...tell(one, depth + 2)]
        : tell(one, depth + 1),
    ),
    ...(left === 0
      ? []
      : [
          groupOf(
            `${left === 1 ? 'Another way' : `${left} other ways`}, of which nothing holds.`,
            'failed',
            depth + 1,
          ),
        ]),
  ];
}

/** How many single conditions of a finding hold. */
const countHolding = (finding: Finding | GroupFinding): number =>
  finding.kind === 'condition'
    ? Number(finding.verdict === 'held')
    : finding.findings.reduce((sum, one) => sum + countHolding(one), 0);

const deep = (depth: number) => (depth === 0 ? {} : { depth });

const groupOf = (sentence: string, verdict: Verdict, depth: number): ToldLine => ({
  verdict,
  sentence,
  ...deep(depth),
  isGroup: true,
});

function lineOf({ verdict, sentence, value, evidence }: Finding, depth: number): ToldLine {
  const line: Writable<ToldLine> = { verdict, sentence };
  if (value !== undefined) line.value = value;
  if (evidence !== undefined) line.evidence = evidence;
  if (depth > 0) line.depth = depth;
  return line;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
