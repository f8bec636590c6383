import { isEmptyRange, type Range } from '../../facts/range.ts';
import type { FactType } from '../../facts/fact-definition.ts';
import { findDefinition, lowerVariablePart, vocabulary } from '../../facts/vocabulary.ts';
import { canonicalValue } from '../canonical-value.ts';
import { compareAs, type RangeKind } from '../comparable-value.ts';
import type { LeafCondition } from '../compiled-rule.ts';
import { findOpenValue } from '../open-registry.ts';
import { compilePattern } from '../pattern/linear-pattern.ts';
import { emptyRange } from './empty-range.ts';
import type { IssueDocument } from './issue-document.ts';
import type { FactConditionSource } from './issue-schema.ts';

type Path = readonly PropertyKey[];
type Question = Exclude<keyof FactConditionSource, 'fact'>;

const rangeWords = ['from', 'until', 'atLeast', 'below'] as const;
const scalar = ['equals', 'oneOf', 'exists'] as const;

/** What can be asked of a fact, by its type. */
const questions: Readonly<Record<FactType, readonly Question[]>> = {
  text: [...scalar, 'like', 'matches'],
  number: [...scalar, ...rangeWords],
  hex64: [...scalar, ...rangeWords],
  version: [...scalar, ...rangeWords],
  instant: [...scalar, ...rangeWords],
  flag: scalar,
  file: ['exists'],
  search: ['exists'],
};

const examples: Readonly<Record<FactType, string>> = {
  text: 'a text',
  number: 'a whole number',
  hex64: 'a quoted hexadecimal number, as "0x50"',
  version: 'a quoted version, as "7.11"',
  instant: 'an instant in UTC, as 2024-07-19T04:09:00Z',
  flag: 'true or false',
  file: 'nothing',
  search: 'nothing',
};

/** Reads one question about one fact; a mistake goes to the document. */
export function compileFact(
  source: FactConditionSource,
  path: Path,
  document: IssueDocument,
): LeafCondition | undefined {
  const fact = lowerVariablePart(source.fact);
  const type = findDefinition(fact)?.type;
  if (!type) {
    document.add(
      'unknown-fact',
      [...path, 'fact'],
      `No machine reports ${source.fact}. Expected: ${nearestFacts(source.fact).join(', ')}, or another fact of the vocabulary.`,
    );
    return undefined;
  }
  if (fact.startsWith('registry.') && !findOpenValue(fact)) {
    document.add(
      'private-place',
      [...path, 'fact'],
      `No machine tells this value. Expected: a setting of Windows that is open, as registry.system\\control\\storport\\hmballocationpolicy, or the version that a program keeps in its own key.`,
    );
    return undefined;
  }
  const asked = (Object.keys(source) as (keyof FactConditionSource)[]).filter(key => key !== 'fact');
  const allowed = questions[type];
  const wrong = asked.find(key => !allowed.includes(key));
  const isRange = asked.some(key => isRangeWord(key));
  if (wrong || asked.length === 0 || (isRange ? !isRangeOnly(asked) : asked.length > 1)) {
    document.add(
      'wrong-question',
      wrong ? [...path, wrong] : path,
      `${source.fact} is asked ${asked.length === 0 ? 'nothing' : asked.join(' and ')}. Expected: one of ${allowed.join(', ')}.`,
    );
    return undefined;
  }
  if (source.exists) return { kind: 'exists', fact };
  if (source.like !== undefined) return { kind: 'glob', fact, pattern: source.like };
  if (source.matches !== undefined) return compileMatches(source.matches, fact, path, document);
  if (!isRange) return compileEquals(source, fact, type, path, document);
  return compileRange(source, fact, type, path, document);
}

function compileMatches(
  pattern: string,
  fact: string,
  path: Path,
  document: IssueDocument,
): LeafCondition | undefined {
  const compiled = compilePattern(pattern);
  if ('pattern' in compiled) return { kind: 'pattern', fact, pattern };
  const { code, message, at } = compiled.problem;
  document.add(code, [...path, 'matches'], `At character ${at + 1} of the expression: ${message}`);
  return undefined;
}

function compileEquals(
  { equals, oneOf }: FactConditionSource,
  fact: string,
  type: FactType,
  path: Path,
  document: IssueDocument,
): LeafCondition | undefined {
  const values = oneOf ?? (equals === undefined ? [] : [equals]);
  const wrong = values.findIndex(value => canonicalValue(type, value) === undefined);
  if (wrong < 0) return { kind: 'equals', fact, oneOf: values };
  return reportValue(type, oneOf ? [...path, 'oneOf', wrong] : [...path, 'equals'], document);
}

function compileRange(
  source: FactConditionSource,
  fact: string,
  type: FactType,
  path: Path,
  document: IssueDocument,
): LeafCondition | undefined {
  for (const word of rangeWords) {
    const value = source[word];
    if (value !== undefined && canonicalValue(type, value) === undefined)
      return reportValue(type, [...path, word], document);
  }
  const range = { from: source.from ?? source.atLeast, until: source.until ?? source.below };
  const condition = rangeOf(fact, type, range);
  if (condition) return condition;
  document.add('empty-range', path, emptyRange);
  return undefined;
}

/** A range that something lies in; undefined otherwise. */
function rangeOf(fact: string, type: FactType, given: Range<string | number>): LeafCondition | undefined {
  const kind = rangeKinds[type];
  if (!kind || isEmptyRange(given, compareAs(kind))) return undefined;
  if (kind === 'number') return { kind, fact, range: withoutUndefined(given, Number) };
  const range = withoutUndefined(given, String);
  return {
    kind,
    fact,
    range: kind === 'hex' ? withoutUndefined(range, text => text.toLowerCase()) : range,
  };
}

const rangeKinds: Readonly<Partial<Record<FactType, RangeKind>>> = {
  number: 'number',
  hex64: 'hex',
  version: 'version',
  instant: 'instant',
};

function withoutUndefined<From, To>({ from, until }: Range<From>, map: (value: From) => To): Range<To> {
  return {
    ...(from !== undefined && { from: map(from) }),
    ...(until !== undefined && { until: map(until) }),
  };
}

/** Reports the values of a condition that are neither text nor whole number by what its fact holds; false for other mistakes. */
export function reportValues(
  fact: unknown,
  issues: readonly { readonly code?: string | undefined; readonly path: Path }[],
  path: Path,
  document: IssueDocument,
): boolean {
  const type = typeof fact === 'string' ? findDefinition(lowerVariablePart(fact))?.type : undefined;
  if (!type || issues.some(one => one.code !== 'invalid_union')) return false;
  for (const issue of issues) reportValue(type, [...path, ...issue.path], document);
  return true;
}

function reportValue(type: FactType, path: Path, document: IssueDocument): undefined {
  document.add(
    'wrong-value',
    path,
    `${document.shown(path, 'This')} does not fit this fact. Expected: ${examples[type]}.`,
  );
}

const isRangeWord = (key: string) => rangeWords.some(word => word === key);

/** `from` with `until`, or one end alone; two words for one end say nothing twice. */
const isRangeOnly = (asked: readonly string[]) =>
  asked.every(isRangeWord) &&
  asked.filter(key => key === 'from' || key === 'atLeast').length <= 1 &&
  asked.filter(key => key === 'until' || key === 'below').length <= 1;

/** Names of facts that somebody may have meant: those that share most runs of three letters. */
function nearestFacts(name: string): readonly string[] {
  const wanted = triplesOf(name);
  const shared = (one: string) => [...triplesOf(one)].filter(triple => wanted.has(triple)).length;
  return vocabulary
    .map(definition => ({ name: definition.name, shared: shared(definition.name) }))
    .sort((a, b) => b.shared - a.shared || a.name.length - b.name.length)
    .slice(0, 3)
    .map(one => one.name);
}

function triplesOf(name: string): ReadonlySet<string> {
  const text = name.slice(0, 100).toLowerCase();
  return new Set(Array.from({ length: Math.max(text.length - 2, 0) }, (_, at) => text.slice(at, at + 3)));
}
