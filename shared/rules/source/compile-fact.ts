import { compareNumbers, isEmptyRange, type Range } from '../../facts/range.ts';
import { compareVersions } from '../../facts/version.ts';
import type { FactType } from '../../facts/fact-definition.ts';
import { findDefinition, lowerVariablePart, vocabulary } from '../../facts/vocabulary.ts';
import { canonicalValue } from '../canonical-value.ts';
import type { LeafCondition } from '../compiled-rule.ts';
import { compareHex, compareInstants } from '../evaluate-condition.ts';
import { emptyRange } from './empty-range.ts';
import type { IssueDocument } from './issue-document.ts';
import type { FactConditionSource } from './issue-schema.ts';

type Path = readonly PropertyKey[];
type Question = Exclude<keyof FactConditionSource, 'fact'>;

const rangeWords = ['from', 'until', 'atLeast', 'below'] as const;
const scalar = ['equals', 'oneOf', 'exists'] as const;

/** What can be asked of a fact, by its type. */
const questions: Readonly<Record<FactType, readonly Question[]>> = {
  text: [...scalar, 'like'],
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
      `No machine reports ${source.fact}. Expected: ${listFacts()}.`,
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
  if (!isRange) return compileEquals(source, fact, type, path, document);
  return compileRange(source, fact, type, path, document);
}

function compileEquals(
  { equals, oneOf }: FactConditionSource,
  fact: string,
  type: FactType,
  path: Path,
  document: IssueDocument,
): LeafCondition | undefined {
  const values = oneOf ?? (equals === undefined ? [] : [equals]);
  const wrong = values.find(value => canonicalValue(type, value) === undefined);
  if (wrong === undefined) return { kind: 'equals', fact, oneOf: values };
  return reportValue(wrong, type, [...path, oneOf ? 'oneOf' : 'equals'], document);
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
      return reportValue(value, type, [...path, word], document);
  }
  const range = { from: source.from ?? source.atLeast, until: source.until ?? source.below };
  const condition = rangeOf(fact, type, range);
  if (condition) return condition;
  document.add('empty-range', path, emptyRange);
  return undefined;
}

/** A range that something lies in; undefined otherwise. */
function rangeOf(fact: string, type: FactType, given: Range<string | number>): LeafCondition | undefined {
  const texts = withoutUndefined(given, String);
  if (type === 'number') {
    const range = withoutUndefined(given, Number);
    return isEmptyRange(range, compareNumbers) ? undefined : { kind: 'number', fact, range };
  }
  if (type === 'hex64') {
    const range = withoutUndefined(texts, text => text.toLowerCase());
    return isEmptyRange(range, compareHex) ? undefined : { kind: 'hex', fact, range };
  }
  if (type === 'version')
    return isEmptyRange(texts, compareVersions) ? undefined : { kind: 'version', fact, range: texts };
  return isEmptyRange(texts, compareInstants) ? undefined : { kind: 'instant', fact, range: texts };
}

function withoutUndefined<From, To>({ from, until }: Range<From>, map: (value: From) => To): Range<To> {
  return {
    ...(from !== undefined && { from: map(from) }),
    ...(until !== undefined && { until: map(until) }),
  };
}

function reportValue(value: unknown, type: FactType, path: Path, document: IssueDocument): undefined {
  document.add(
    'wrong-value',
    path,
    `${String(value).slice(0, 80)} does not fit this fact. Expected: ${examples[type]}.`,
  );
}

const isRangeWord = (key: string) => rangeWords.some(word => word === key);

/** `from` with `until`, or one end alone; two words for one end say nothing twice. */
const isRangeOnly = (asked: readonly string[]) =>
  asked.every(isRangeWord) &&
  asked.filter(key => key === 'from' || key === 'atLeast').length <= 1 &&
  asked.filter(key => key === 'until' || key === 'below').length <= 1;

const listFacts = () => vocabulary.map(definition => definition.name).join(', ');
