import { type Verdict, verdictOf, verdictOfNot } from '../facts/verdict.ts';
import type { Condition, LeafCondition } from './compiled-rule.ts';
import type { FactView } from './fact-view.ts';
import { FileQuestion } from './file-question.ts';
import { isScaled, nowhere, type ScaledCondition, Scales, type Span } from './scales.ts';
import { TextQuestion } from './text-question.ts';

/** `near`: all conditions but one hold, and the last is known not to. */
export type Outcome = 'matched' | 'near' | 'failed' | 'unknown';

/** What a row asks; `outside` and `notQuestion` are the negations. */
const asks = { span: 0, outside: 1, question: 2, notQuestion: 3, all: 4, any: 5 } as const;
/** A row: what it asks, and three numbers. */
const width = 4;

/** A single condition that is no span. */
interface Question {
  verdictOn(view: FactView): Verdict;
}

/**
 * Conditions made ready to be decided on many machines, without a reason: rows of numbers side by side, since what a
 * decision costs is the memory that it touches. Each condition is the rows that must all hold; a group within it is a
 * row that points at others. A negation is carried down to the single conditions.
 */
export class DecisionTable {
  readonly scales: Scales;
  readonly #starts: Int32Array;
  readonly #rows: Int32Array;
  readonly #questions: readonly Question[];

  /** `order` are the positions of the conditions as their rows shall lie: those that are decided together, together. */
  constructor(
    conditions: readonly Condition[],
    scales = scalesOf(conditions),
    order: Iterable<number> = conditions.keys(),
  ) {
    this.scales = scales;
    const rows = new RowWriter(scales);
    this.#starts = new Int32Array(2 * conditions.length);
    for (const position of order) this.#starts.set(rows.add(conditions[position]!), 2 * position);
    this.#rows = Int32Array.from(rows.rows);
    this.#questions = rows.questions;
  }

  /** What the condition at a position comes to. */
  verdictOf(position: number, view: FactView): Verdict {
    return this.#decideAll(this.#starts[2 * position]!, this.#starts[2 * position + 1]!, 'failed', view);
  }

  /** The same, told whether it was near. */
  outcomeOf(position: number, view: FactView): Outcome {
    const first = this.#starts[2 * position]!;
    const end = this.#starts[2 * position + 1]!;
    let failed = 0;
    let unknown = 0;
    for (let row = first; row < end; row += width) {
      const verdict = this.#decide(row, view);
      if (verdict === 'held') continue;
      if (verdict === 'failed') failed++;
      else unknown++;
      if (failed > 0 && failed + unknown > 1) return 'failed';
    }
    if (failed > 0) return end - first > width ? 'near' : 'failed';
    return unknown > 0 ? 'unknown' : 'matched';
  }

  /** `settling` is the verdict of one row that settles the whole: `failed` for all, `held` for any. */
  #decideAll(first: number, end: number, settling: 'held' | 'failed', view: FactView): Verdict {
    let isUnknown = first === end;
    for (let row = first; row < end; row += width) {
      const verdict = this.#decide(row, view);
      if (verdict === settling) return settling;
      if (verdict === 'unknown') isUnknown = true;
    }
    return isUnknown ? 'unknown' : settling === 'held' ? 'failed' : 'held';
  }

  #decide(row: number, view: FactView): Verdict {
    const ask = this.#rows[row]!;
    const first = this.#rows[row + 1]!;
    if (ask === asks.question) return this.#questions[first]!.verdictOn(view);
    if (ask === asks.notQuestion) return verdictOfNot(this.#questions[first]!.verdictOn(view));
    if (ask === asks.all) return this.#decideAll(first, this.#rows[row + 2]!, 'failed', view);
    if (ask === asks.any) return this.#decideAll(first, this.#rows[row + 2]!, 'held', view);
    const place = this.scales.placeOf(first, view);
    if (place === nowhere) return 'unknown';
    const isInside = place >= this.#rows[row + 2]! && place < this.#rows[row + 3]!;
    return verdictOf(isInside === (ask === asks.span));
  }
}

/** A single condition decided on the scales of a set of rules that it is one of. */
export function leafDecisionOf(condition: LeafCondition, scales: Scales): (view: FactView) => Verdict {
  const spans = isScaled(condition) ? scales.spansOf(condition) : undefined;
  const [first, ...others] = spans ?? [];
  if (first) return view => verdictWithin(first, others, scales, view);
  const question = questionOf(condition);
  return view => question.verdictOn(view);
}

/** Whether a machine's place lies within a span or one of the others, which are of the same scale. */
export function verdictWithin(
  { scale, from, until }: Span,
  others: readonly Span[],
  scales: Scales,
  view: FactView,
): Verdict {
  const place = scales.placeOf(scale, view);
  if (place === nowhere) return 'unknown';
  if (place >= from && place < until) return 'held';
  return verdictOf(others.some(other => other.from <= place && place < other.until));
}

/** A single condition, or a tree of them, made ready by itself. */
export function decisionOf(condition: Condition): (view: FactView) => Verdict {
  const table = new DecisionTable([condition]);
  return view => table.verdictOf(0, view);
}

type Row = readonly [asks: number, first: number, second: number, third: number];

/** Writes conditions as rows. Equal questions of all rules are one. */
class RowWriter {
  readonly rows: number[] = [];
  readonly questions: Question[] = [];
  readonly #scales: Scales;
  readonly #questionsByText = new Map<string, number>();

  constructor(scales: Scales) {
    this.#scales = scales;
  }

  /** The first row of those that must all hold, and the one after the last. */
  add(condition: Condition, isNegated = false): readonly [first: number, end: number] {
    if (condition.kind === 'not') return this.add(condition.condition, !isNegated);
    const isConjunction = condition.kind === (isNegated ? 'any' : 'all');
    // An empty list of conditions proves nothing, but an empty list of rows would.
    if (!isConjunction || !('conditions' in condition) || condition.conditions.length === 0)
      return this.#write([this.#rowOf(condition, isNegated)]);
    // The order does not matter to what comes out, so what is cheap is decided first.
    const inOrder = condition.conditions.toSorted((a, b) => costOf(a) - costOf(b));
    return this.#write(inOrder.map(one => this.#rowOf(one, isNegated)));
  }

  #write(rows: readonly Row[]): readonly [first: number, end: number] {
    const first = this.rows.length;
    for (const row of rows) this.rows.push(...row);
    return [first, this.rows.length];
  }

  #rowOf(condition: Condition, isNegated: boolean): Row {
    if (condition.kind === 'not') return this.#rowOf(condition.condition, !isNegated);
    if (!('conditions' in condition)) return this.#rowOfLeaf(condition, isNegated);
    const rows = condition.conditions.map(one => this.#rowOf(one, isNegated));
    const isConjunction = (condition.kind === 'all') !== isNegated;
    return [isConjunction ? asks.all : asks.any, ...this.#write(rows), 0];
  }

  #rowOfLeaf(condition: LeafCondition, isNegated: boolean): Row {
    const spans = isScaled(condition) ? this.#scales.spansOf(condition) : undefined;
    if (!spans) return [isNegated ? asks.notQuestion : asks.question, this.#questionAt(condition), 0, 0];
    const rows = spans.map((span): Row => rowOfSpan(span, isNegated));
    if (rows.length === 1) return rows[0]!;
    return [isNegated ? asks.all : asks.any, ...this.#write(rows), 0];
  }

  #questionAt(condition: LeafCondition): number {
    const text = JSON.stringify(condition);
    const known = this.#questionsByText.get(text);
    if (known !== undefined) return known;
    this.#questionsByText.set(text, this.questions.length);
    return this.questions.push(questionOf(condition)) - 1;
  }
}

const rowOfSpan = ({ scale, from, until }: Span, isNegated: boolean): Row => [
  isNegated ? asks.outside : asks.span,
  scale,
  from,
  until,
];

function questionOf(condition: LeafCondition): Question {
  if (condition.kind === 'file') return new FileQuestion(condition);
  return isScaled(condition) ? nothingAsked : new TextQuestion(condition);
}

const nothingAsked: Question = { verdictOn: () => 'unknown' };

/** The scales on which conditions lie. */
export const scalesOf = (conditions: readonly Condition[]) => new Scales(scaledOf(conditions));

function* scaledOf(conditions: readonly Condition[]): Generator<ScaledCondition> {
  for (const condition of conditions) {
    if (condition.kind === 'not') yield* scaledOf([condition.condition]);
    else if ('conditions' in condition) yield* scaledOf(condition.conditions);
    else if (isScaled(condition)) yield condition;
  }
}

function costOf({ kind }: Condition): number {
  if (kind === 'pattern' || kind === 'file') return 2;
  return kind === 'glob' ? 1 : 0;
}
