import { foldedGlob, foldName } from '../facts/glob.ts';
import { type Verdict, verdictOf } from '../facts/verdict.ts';
import type { LeafCondition } from './compiled-rule.ts';
import type { FactView } from './fact-view.ts';
import { compilePattern } from './pattern/linear-pattern.ts';

type TextCondition = Extract<LeafCondition, { kind: 'glob' | 'pattern' }>;

/** Asks whether a fact's text fits a pattern. */
export class TextQuestion {
  readonly #fact: string;
  readonly #fits: ((text: string) => boolean) | undefined;

  constructor(condition: TextCondition) {
    this.#fact = condition.fact;
    this.#fits = fitsOf(condition);
  }

  verdictOn(view: FactView): Verdict {
    const value = view.valueOf(this.#fact);
    return this.#fits && typeof value === 'string' ? verdictOf(this.#fits(value)) : 'unknown';
  }
}

function fitsOf({ kind, pattern }: TextCondition): ((text: string) => boolean) | undefined {
  if (kind === 'glob') {
    const fits = foldedGlob(foldName(pattern));
    return text => fits(foldName(text));
  }
  const compiled = compilePattern(pattern);
  return 'problem' in compiled ? undefined : text => compiled.pattern.matches(text);
}
