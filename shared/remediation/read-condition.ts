import { conditionDefinitions } from './condition-table.ts';
import { Cursor } from './cursor.ts';
import type { Fix } from './diagnostic.ts';
import type { Condition, ConditionLine } from './condition-tree.ts';

const maxDepth = 4;
const groups = ['any', 'all', 'none'] as const;
/** The kinds of condition that open with one word, by the second word of their opening. */
interface Openings {
  readonly seconds: readonly string[];
  /** Whether one of them opens with the first word alone. */
  readonly isBare: boolean;
  readonly bySecond: ReadonlyMap<string | undefined, readonly (typeof openings)[number][]>;
}

const openings = conditionDefinitions.flatMap(definition =>
  definition.openings.map(opening => {
    const [first = '', second] = opening.split(' ');
    return { definition, opening, first, second };
  }),
);
const firstWords = [...new Set(openings.map(({ first }) => first))];
const openingsOf: ReadonlyMap<string, Openings> = new Map(
  firstWords.map(word => {
    const known = openings.filter(({ first }) => first === word);
    const bySecond = new Map(known.map(({ second }) => [second, known.filter(one => one.second === second)]));
    const seconds = [...bySecond.keys()].filter(second => second !== undefined);
    return [word, { seconds, isBare: bySecond.has(undefined), bySecond }];
  }),
);

/** Reads a condition up to the end of its line, with the body of `any of`, `all of` and `none of`. */
export function readCondition(cursor: Cursor): Condition | undefined {
  const token = cursor.peek();
  const start = token?.span.start ?? cursor.line.span.end;
  const kind = groups.find(word => word === token?.value);
  if (kind && token?.kind === 'word') {
    cursor.skip();
    return readGroup(cursor, kind, start);
  }
  const first = cursor.expectOneOf(firstWords);
  if (first === undefined) return undefined;
  const { seconds, isBare, bySecond } = openingsOf.get(first)!;
  const second =
    seconds.find(word => cursor.take(word)) ?? (isBare ? undefined : cursor.expectOneOf(seconds));
  const candidates = bySecond.get(second) ?? [];
  // Behind the name stands the word that tells kinds of the same opening apart.
  const chosen =
    candidates.find(
      ({ definition: { relation, relationAt = 1 } }) =>
        relation !== undefined && cursor.isWord(relation, relationAt),
    ) ?? candidates[0];
  const content = chosen?.definition.read(cursor, chosen.opening);
  const isWhole = content !== undefined && expectOneCondition(cursor);
  if (!cursor.expectNoBody() || !isWhole) return undefined;
  const span = { start, end: cursor.last()!.span.end };
  return { ...content, line: cursor.line.line, span };
}

/** A line asks one thing. Whoever writes `and` or `or` learns how more is asked. */
function expectOneCondition(cursor: Cursor): boolean {
  const token = cursor.peek();
  const joint = (['and', 'or'] as const).find(word => cursor.isWord(word));
  if (!token || !joint) return cursor.expectEnd();
  const how =
    joint === 'and'
      ? 'one condition a line, since every line must hold'
      : 'the line "any of", and below it one condition a line';
  cursor.add(
    'unexpected-word',
    token.span,
    `A line asks one thing. Expected: ${how}.`,
    separate(cursor, joint),
  );
  return false;
}

/** The same conditions on lines of their own; undefined where that would be a guess. */
function separate({ line, report }: Cursor, joint: 'and' | 'or'): Fix | undefined {
  const [opening] = line.tokens;
  const isMixed = line.tokens.some(
    one => one.kind === 'word' && one.value === (joint === 'and' ? 'or' : 'and'),
  );
  if (!opening || line.depth > 0 || line.body.length > 0 || isMixed) return undefined;
  const ends = line.tokens.filter(one => one.kind === 'word' && one.value === joint);
  const starts = [opening.span.end, ...ends.map(one => one.span.end)];
  const asked = starts.map((start, at) =>
    report.text.slice(start, ends[at]?.span.start ?? line.span.end).trim(),
  );
  const text =
    joint === 'and'
      ? asked.map(one => `${opening.value} ${one}`).join('\n')
      : [`${opening.value} any of`, ...asked.map(one => `  ${one}`)].join('\n');
  return { title: 'Write one condition a line', span: line.span, text };
}

function readGroup(cursor: Cursor, kind: (typeof groups)[number], start: number): Condition | undefined {
  const { line, report } = cursor;
  const isHead = cursor.expect('of') && cursor.expectEnd();
  if (line.depth >= maxDepth) {
    cursor.add(
      'nested-too-deep',
      line.span,
      `Conditions stand in each other more than ${maxDepth} deep. Write fewer levels.`,
    );
    return undefined;
  }
  if (isHead && line.body.length === 0)
    cursor.add(
      'missing-body',
      { start: line.span.end, end: line.span.end },
      `Nothing is asked here. Expected: conditions below, one a line, indented by two spaces.`,
    );
  const conditions = line.body.map((inner): ConditionLine | undefined => {
    const condition = readCondition(new Cursor(inner, report));
    return condition && { line: inner.line, span: inner.span, comments: inner.comments, condition };
  });
  if (!isHead) return undefined;
  const span = { start, end: line.span.end };
  return { kind, line: line.line, span, conditions: conditions.filter(one => one !== undefined) };
}
