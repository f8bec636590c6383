import { findDefinition, sayFact } from '../facts/vocabulary.ts';
import type { Range } from '../facts/range.ts';
import type { FileCondition, LeafCondition } from './compiled-rule.ts';
import { sayInstant } from './say-instant.ts';

/** What a condition asks, as a sentence; negated where the rule negates it. */
export function sayCondition(condition: LeafCondition, isNegated: boolean): string {
  const clause = clauseOf(condition, isNegated);
  // Some values end a sentence by themselves: "CrowdStrike, Inc."
  return clause.endsWith('.') ? clause : `${clause}.`;
}

function clauseOf(condition: LeafCondition, isNegated: boolean): string {
  if (condition.kind === 'file') return sayFile(condition, isNegated);
  const subject = capitalized(sayFact(condition.fact));
  const is = isNegated ? 'is not' : 'is';
  switch (condition.kind) {
    case 'equals': {
      const values = condition.oneOf.map(String);
      return `${subject} ${is} ${values.length === 1 ? values[0] : `one of ${values.join(', ')}`}`;
    }
    case 'glob':
      return `${subject} ${isNegated ? 'does not look' : 'looks'} like ${condition.pattern}`;
    case 'pattern':
      return `${subject} ${isNegated ? 'does not match' : 'matches'} /${condition.pattern}/`;
    case 'exists':
      return `${subject} ${is} known`;
    case 'version':
      return `${subject} ${is} ${sayRange(condition.range, 'or newer')}`;
    case 'instant':
      return `${subject} ${is} ${sayRange(mapRange(condition.range, sayInstant), 'or later')}`;
    case 'hex':
    case 'number': {
      const unit = findDefinition(condition.fact)?.unit;
      return `${subject} ${is} ${sayRange(condition.range, 'or more')}${unit === undefined ? '' : ` ${unit}`}`;
    }
    default:
      return condition satisfies never;
  }
}

function sayFile({ path, written, sizeBytes, sha256 }: FileCondition, isNegated: boolean): string {
  const at = path.lastIndexOf('\\');
  const [folder, name] = [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
  const traits: string[] = [];
  if (written) traits.push(`written ${sayWindow(written)}`);
  if (sizeBytes) traits.push(`of ${sayRange(sizeBytes, 'or more')} bytes`);
  if (sha256) traits.push(`with ${sha256.length === 1 ? 'the known hash' : 'one of the known hashes'}`);
  return `There is ${isNegated ? 'no' : 'a'} file ${name} in ${folder}${traits.map(trait => `, ${trait}`).join('')}`;
}

function sayWindow({ from, until }: Range<string>): string {
  if (until === undefined) return `at ${sayInstant(from!)} or later`;
  return from === undefined
    ? `before ${sayInstant(until)}`
    : `from ${sayInstant(from)} until ${sayInstant(until)}`;
}

function sayRange({ from, until }: Range<string | number>, orMore: string): string {
  if (until === undefined) return `${from} ${orMore}`;
  return from === undefined ? `below ${until}` : `from ${from} up to but not including ${until}`;
}

const mapRange = ({ from, until }: Range<string>, say: (value: string) => string): Range<string> => ({
  from: from === undefined ? undefined : say(from),
  until: until === undefined ? undefined : say(until),
});

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
