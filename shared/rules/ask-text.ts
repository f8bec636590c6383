import { foldedGlob, foldName } from '../facts/glob.ts';
import { type Verdict, verdictOf } from '../facts/verdict.ts';
import type { LeafCondition } from './compiled-rule.ts';
import type { FactView } from './fact-view.ts';
import { compilePattern } from './pattern/linear-pattern.ts';

type TextCondition = Extract<LeafCondition, { kind: 'glob' | 'pattern' }>;

/** Makes ready to ask whether a fact's text fits a pattern. */
export function askText(condition: TextCondition): (view: FactView) => Verdict {
  const { fact } = condition;
  const fits = fitsOf(condition);
  return view => {
    const value = view.valueOf(fact);
    return fits && typeof value === 'string' ? verdictOf(fits(value)) : 'unknown';
  };
}

function fitsOf({ kind, pattern }: TextCondition): ((text: string) => boolean) | undefined {
  if (kind === 'glob') {
    const fits = foldedGlob(foldName(pattern));
    return text => fits(foldName(text));
  }
  const compiled = compilePattern(pattern);
  return 'problem' in compiled ? undefined : text => compiled.pattern.matches(text);
}
