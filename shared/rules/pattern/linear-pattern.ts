import { foldName } from '../../facts/glob.ts';
import { parsePattern, type PatternProblem, type PatternTree, type UnitRange } from './parse-pattern.ts';

/** Steps of a pattern's program; a text of n units costs at most n times as many. */
export const maxPatternSteps = 1000;

type Step =
  | { readonly kind: 'unit'; readonly ranges: readonly UnitRange[]; readonly isNegated: boolean }
  | { readonly kind: 'start' | 'end' | 'done' }
  /** Goes on at both places. */
  | { readonly kind: 'fork'; first: number; second: number };

/** A regular expression whose time grows with the text and never explodes. Case is ignored as in file names. */
export interface LinearPattern {
  /** Whether the expression fits somewhere in the text. */
  readonly matches: (text: string) => boolean;
}

/** Compiles a regular expression of the safe subset, or says why it is refused. */
export function compilePattern(
  text: string,
): { readonly pattern: LinearPattern } | { readonly problem: PatternProblem } {
  const parsed = parsePattern(text);
  if ('problem' in parsed) return parsed;
  const program: Step[] = [];
  if (!emit(parsed.tree, program) || program.push({ kind: 'done' }) > maxPatternSteps)
    return {
      problem: {
        code: 'pattern-too-large',
        message: `Written out, this has more than ${maxPatternSteps} steps. Expected: smaller numbers in {n,m}.`,
        at: 0,
      },
    };
  const pattern: LinearPattern = { matches: given => runProgram(program, foldName(given)) };
  if (pattern.matches('') && pattern.matches(nobodysText))
    return {
      problem: {
        code: 'empty-pattern',
        message: 'This fits every text and so asks nothing. Expected: something that must be there.',
        at: 0,
      },
    };
  return { pattern };
}

const nobodysText = '\u0001'.repeat(maxPatternSteps);

/** Writes the steps of a tree; false when there are too many. */
function emit(tree: PatternTree, program: Step[]): boolean {
  if (program.length > maxPatternSteps) return false;
  switch (tree.kind) {
    case 'unit':
    case 'start':
    case 'end':
      program.push(tree);
      return true;
    case 'sequence':
      return tree.parts.every(part => emit(part, program));
    case 'either':
      return emitEither(tree.parts, program);
    case 'repeat':
      return emitRepeat(tree, program);
    default:
      return tree satisfies never;
  }
}

function emitEither(parts: readonly PatternTree[], program: Step[]): boolean {
  const exits: Fork[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const fork = isLast ? undefined : addFork(program);
    if (!emit(part, program)) return false;
    if (!fork) break;
    exits.push(addFork(program));
    fork.second = program.length;
  }
  for (const exit of exits) exit.first = exit.second = program.length;
  return true;
}

function emitRepeat({ part, min, max }: PatternTree & { kind: 'repeat' }, program: Step[]): boolean {
  for (let i = 0; i < min; i++) if (!emit(part, program)) return false;
  if (max === Infinity) {
    const at = program.length;
    const fork = addFork(program);
    if (!emit(part, program)) return false;
    addFork(program).first = at;
    fork.second = program.length;
    (program.at(-1) as Fork).second = at;
    return true;
  }
  const skips: Fork[] = [];
  for (let i = min; i < max; i++) {
    skips.push(addFork(program));
    if (!emit(part, program)) return false;
  }
  for (const skip of skips) skip.second = program.length;
  return true;
}

type Fork = Step & { kind: 'fork' };

function addFork(program: Step[]): Fork {
  const fork: Fork = { kind: 'fork', first: program.length + 1, second: program.length + 1 };
  program.push(fork);
  return fork;
}

/** Follows all ways through the program at once, each step at most once per unit: Thompson's simulation. */
function runProgram(program: readonly Step[], text: string): boolean {
  const seenAt = new Int32Array(program.length).fill(-1);
  const open: number[] = [];
  let [now, next]: [number[], number[]] = [[], []];

  /** Adds the steps reached without a unit; true when the program is done. */
  const reach = (from: number, at: number, steps: number[]): boolean => {
    open.push(from);
    while (open.length > 0) {
      const index = open.pop()!;
      if (seenAt[index] === at) continue;
      seenAt[index] = at;
      const step = program[index]!;
      if (step.kind === 'done') return true;
      if (step.kind === 'fork') open.push(step.second, step.first);
      else if (step.kind === 'unit') steps.push(index);
      else if (at === (step.kind === 'start' ? 0 : text.length)) open.push(index + 1);
    }
    return false;
  };

  for (let at = 0; at <= text.length; at++) {
    if (reach(0, at, now)) return true;
    if (at === text.length) return false;
    const upper = text.charCodeAt(at);
    const lower = upper < 128 ? asciiLowerOf(upper) : lowerOf(text[at]!);
    for (const index of now) {
      const step = program[index] as Step & { kind: 'unit' };
      const fits = isIn(step.ranges, upper) || isIn(step.ranges, lower);
      if (fits !== step.isNegated && reach(index + 1, at + 1, next)) return true;
    }
    [now, next] = [next, now];
    next.length = 0;
  }
  return false;
}

const isIn = (ranges: readonly UnitRange[], code: number) =>
  ranges.some(([first, last]) => first <= code && code <= last);

const asciiLowerOf = (code: number) => (code >= 65 && code <= 90 ? code + 32 : code);

/** The lower case of a folded unit, where it is the same name. */
function lowerOf(unit: string): number {
  const lower = unit.toLowerCase();
  return (lower.length === 1 && foldName(lower) === unit ? lower : unit).charCodeAt(0);
}
