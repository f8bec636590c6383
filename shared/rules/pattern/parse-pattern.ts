/** UTF-16 units from the first to the last, both included. */
export type UnitRange = readonly [first: number, last: number];

/** A regular expression as a tree. */
export type PatternTree =
  | { readonly kind: 'unit'; readonly ranges: readonly UnitRange[]; readonly isNegated: boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly PatternTree[] }
  | { readonly kind: 'repeat'; readonly part: PatternTree; readonly min: number; readonly max: number };

/** Why a regular expression is refused: what stands at `at`, then what would be accepted. */
export interface PatternProblem {
  readonly code: 'unsupported-pattern' | 'pattern-too-large' | 'empty-pattern';
  readonly message: string;
  /** Units before the place. */
  readonly at: number;
}

const maxDepth = 16;
const maxRepeats = 200;
const lastUnit = 0xff_ff;

const codeOf = (unit: string): number => unit.charCodeAt(0);
const digits: readonly UnitRange[] = [[codeOf('0'), codeOf('9')]];
const word: readonly UnitRange[] = [
  ...digits,
  [codeOf('A'), codeOf('Z')],
  [codeOf('_'), codeOf('_')],
  [codeOf('a'), codeOf('z')],
];
const space: readonly UnitRange[] = [
  [9, 13],
  [0x20, 0x20],
  [0xa0, 0xa0],
];
const lineEnds: readonly UnitRange[] = [
  [10, 10],
  [13, 13],
  [0x20_28, 0x20_29],
];
const classes: Readonly<Record<string, readonly UnitRange[]>> = {
  d: digits,
  D: complementOf(digits),
  w: word,
  W: complementOf(word),
  s: space,
  S: complementOf(space),
};
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 };

function complementOf(ranges: readonly UnitRange[]): readonly UnitRange[] {
  const gaps: UnitRange[] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  return [...gaps, [next, lastUnit]];
}

/** Reads the safe subset of regular expressions; what lies outside of it is refused at its place. */
export function parsePattern(
  text: string,
): { readonly tree: PatternTree } | { readonly problem: PatternProblem } {
  const reader = new PatternReader(text);
  const tree = reader.readEither(0);
  if (tree && !reader.isAtEnd) reader.fail('This bracket closes nothing. Expected: \\) for the character.');
  return reader.problem || !tree ? { problem: reader.problem! } : { tree };
}

class PatternReader {
  problem: PatternProblem | undefined;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  fail(message: string, code: PatternProblem['code'] = 'unsupported-pattern', at = this.#at): undefined {
    this.problem ??= { code, message, at };
  }

  readEither(depth: number): PatternTree | undefined {
    if (depth > maxDepth)
      return this.fail(`Groups stand in each other more than ${maxDepth} deep.`, 'pattern-too-large');
    const parts: PatternTree[] = [];
    do {
      const part = this.#readSequence(depth);
      if (!part) return undefined;
      parts.push(part);
    } while (this.#take('|'));
    return parts.length === 1 ? parts[0] : { kind: 'either', parts };
  }

  #readSequence(depth: number): PatternTree | undefined {
    const parts: PatternTree[] = [];
    while (!this.isAtEnd && !this.#isNext('|') && !this.#isNext(')')) {
      const atom = this.#readAtom(depth);
      const part = atom && this.#readRepeat(atom);
      if (!part) return undefined;
      parts.push(part);
    }
    return { kind: 'sequence', parts };
  }

  #readAtom(depth: number): PatternTree | undefined {
    const unit = this.#text[this.#at]!;
    switch (unit) {
      case '(':
        return this.#readGroup(depth);
      case '[':
        return this.#readClass();
      case '.':
        this.#at++;
        return { kind: 'unit', ranges: lineEnds, isNegated: true };
      case '^':
      case '$':
        this.#at++;
        return { kind: unit === '^' ? 'start' : 'end' };
      case '\\': {
        const ranges = this.#readEscape();
        return ranges && { kind: 'unit', ranges, isNegated: false };
      }
      case '*':
      case '+':
      case '?':
      case '{':
        return this.fail(`There is nothing before ${unit} to repeat. Expected: \\${unit} for the character.`);
      default:
        this.#at++;
        return { kind: 'unit', ranges: [[codeOf(unit), codeOf(unit)]], isNegated: false };
    }
  }

  #readGroup(depth: number): PatternTree | undefined {
    const opened = this.#at++;
    if (this.#take('?') && !this.#take(':'))
      return this.fail(
        'Looking ahead or behind, names and flags are not supported. Expected: a plain group; say the rest with another condition, "not" or "all".',
        'unsupported-pattern',
        opened,
      );
    const inner = this.readEither(depth + 1);
    if (inner && !this.#take(')'))
      return this.fail('This group is not closed. Expected: a closing bracket.', undefined, opened);
    return inner;
  }

  #readRepeat(part: PatternTree): PatternTree | undefined {
    const at = this.#at;
    const bounds = this.#readBounds();
    if (!bounds) return this.problem ? undefined : part;
    if (part.kind === 'start' || part.kind === 'end')
      return this.fail('A start or end cannot be repeated.', undefined, at);
    if (/^[*+?{]$/.test(this.#text[this.#at] ?? ''))
      return this.fail(
        'A repetition of a repetition, lazy or possessive, asks nothing more. Expected: one of * + ? {n,m}.',
      );
    return { kind: 'repeat', part, ...bounds };
  }

  #readBounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    if (!this.#isNext('{')) return undefined;
    const [whole, low = '', comma, high = ''] =
      /^\{(\d{1,9})(,(\d{0,9}))?\}/.exec(this.#text.slice(this.#at, this.#at + 24))?.map(one => one ?? '') ??
      [];
    if (whole === undefined) return this.fail('Expected: {n}, {n,} or {n,m}; \\{ for the character.');
    const [min, max] = [Number(low), comma ? (high ? Number(high) : Infinity) : Number(low)];
    if (max < min) return this.fail('Nothing repeats so often. Expected: the smaller number first.');
    if (min > maxRepeats || (max !== Infinity && max > maxRepeats))
      return this.fail(
        `This repeats too often. Expected: at most ${maxRepeats} times, or no end.`,
        'pattern-too-large',
      );
    this.#at += whole.length;
    return { min, max };
  }

  #readClass(): PatternTree | undefined {
    const opened = this.#at++;
    const isNegated = this.#take('^');
    const ranges: UnitRange[] = [];
    while (!this.#isNext(']')) {
      if (this.isAtEnd) return this.fail('This class is not closed. Expected: ].', undefined, opened);
      const first = this.#readClassUnit();
      if (!first) return undefined;
      const isRange = this.#isNext('-') && this.#text[this.#at + 1] !== ']';
      if (!isRange) {
        ranges.push(...first);
        continue;
      }
      const dash = this.#at++;
      const last = this.isAtEnd ? undefined : this.#readClassUnit();
      const [from, to] = [singleOf(first), last && singleOf(last)];
      if (from === undefined || to === undefined || to < from)
        return this.fail(
          'This is no range. Expected: one character, - and a later one, or \\-.',
          undefined,
          dash,
        );
      ranges.push([from, to]);
    }
    this.#at++;
    if (ranges.length === 0)
      return this.fail('An empty class fits nothing. Expected: characters in it.', undefined, opened);
    return { kind: 'unit', ranges, isNegated };
  }

  #readClassUnit(): readonly UnitRange[] | undefined {
    if (this.#isNext('\\')) return this.#readEscape();
    const code = codeOf(this.#text[this.#at++]!);
    return [[code, code]];
  }

  #readEscape(): readonly UnitRange[] | undefined {
    const unit = this.#text[this.#at + 1];
    if (unit === undefined)
      return this.fail('Nothing follows the backslash. Expected: \\\\ for a backslash.');
    const ranges = Object.hasOwn(classes, unit) ? classes[unit] : undefined;
    const code = Object.hasOwn(controls, unit) ? controls[unit] : codeOf(unit);
    if (!ranges && /[A-Za-z0-9]/.test(unit) && !Object.hasOwn(controls, unit))
      return this.fail(
        /\d/.test(unit)
          ? `\\${unit} refers back to a group, and no engine can promise time for that. Expected: the text itself.`
          : `\\${unit} is not supported. Expected: \\d \\w \\s \\D \\W \\S \\t \\n \\r or a backslash before a sign.`,
      );
    this.#at += 2;
    return ranges ?? [[code!, code!]];
  }

  #isNext(unit: string): boolean {
    return this.#text[this.#at] === unit;
  }

  #take(unit: string): boolean {
    if (!this.#isNext(unit)) return false;
    this.#at++;
    return true;
  }
}

const singleOf = (ranges: readonly UnitRange[]): number | undefined =>
  ranges.length === 1 && ranges[0]![0] === ranges[0]![1] ? ranges[0]![0] : undefined;
