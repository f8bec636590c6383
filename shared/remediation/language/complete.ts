import { places } from '../../facts/place.ts';
import { actionDefinitions } from '../action-table.ts';
import type { ActionDefinition } from '../actions/action-definition.ts';
import { conditionDefinitions } from '../condition-table.ts';
import type { ConditionDefinition } from '../conditions/condition-definition.ts';
import { deviceClasses } from '../device-classes.ts';
import { clauseForms } from '../read-clauses.ts';
import { quoteName } from '../read-path.ts';
import type { SingleCondition } from '../condition-tree.ts';
import { type Action, risks } from '../syntax-tree.ts';
import { type KnownNames, noNames } from './known-names.ts';
import { contextAt } from './line-context.ts';
import { continuationsOf, type Shape, shapesOf } from './line-shape.ts';

/** Something that can be written at a position. */
export interface Completion {
  /** What is written. */
  readonly label: string;
  readonly kind: 'verb' | 'keyword' | 'condition' | 'clause' | 'place' | 'name' | 'value';
  /** What it is, in a few words. */
  readonly detail: string;
  /** A line that uses it. */
  readonly example?: string;
}

export interface CompletionList {
  /** What is replaced: from the start of the word that was begun. */
  readonly from: number;
  readonly options: readonly Completion[];
}

type AnyAction = ActionDefinition<Action>;
type AnyCondition = ConditionDefinition<SingleCondition>;

const openings: readonly Completion[] = [
  { label: 'remediation', kind: 'keyword', detail: 'what it heals, in one sentence', example: 'remediation "Delete the bad content"' },
  { label: 'require', kind: 'keyword', detail: 'applies only where this is known to hold', example: 'require crash module is csagent.sys' },
  { label: 'in', kind: 'keyword', detail: 'a folder, with lines below that work in it', example: String.raw`in %SystemRoot%\System32\drivers\Contoso` },
  { label: 'verify', kind: 'keyword', detail: 'what must be true at the end, or everything is undone', example: 'verify driver cntflt is disabled' },
  { label: 'reboot', kind: 'keyword', detail: 'restarts the machine', example: 'reboot' },
]; // prettier-ignore
const fields: readonly Completion[] = [
  { label: 'risk', kind: 'keyword', detail: 'low, medium or high', example: 'risk low' },
  { label: 'source', kind: 'keyword', detail: 'where the remedy was published', example: 'source https://example.com/advisory' },
  { label: 'tell', kind: 'keyword', detail: 'what the person before the machine reads', example: 'tell "Your files are safe."' },
]; // prettier-ignore
const groups: readonly Completion[] = [
  { label: 'any of', kind: 'condition', detail: 'one of the lines below holds' },
  { label: 'all of', kind: 'condition', detail: 'all lines below hold' },
  { label: 'none of', kind: 'condition', detail: 'no line below holds' },
];

/** What can be written at an offset. `known` are names that machines reported. */
export function completeAt(text: string, offset: number, known: KnownNames = noNames): CompletionList {
  const { start, tokens, isComment, parents } = contextAt(text, offset);
  const before = tokens.filter(
    token => token.span.end < offset || (token.kind !== 'word' && token.span.end <= offset),
  );
  const begun = tokens.find(
    token => token.kind !== 'comma' && token.span.start < offset && token.span.end >= offset,
  );
  const isOpenText = begun?.kind === 'text' && !text.slice(begun.span.start, offset).slice(1).includes('"');
  const from = begun && !before.includes(begun) ? begun.span.start : offset;
  if (isComment || (isOpenText && !begun.value.startsWith('%'))) return { from, options: [] };
  const words = before.map(token => (token.kind === 'comma' ? ',' : token.value));
  const options = optionsFor(words, parents, known, text.slice(start, offset));
  return { from, options: unique(options) };
}

function optionsFor(
  words: readonly string[],
  parents: readonly (readonly string[])[],
  known: KnownNames,
  line: string,
): readonly Completion[] {
  const [first, ...rest] = words;
  const parent = parents.at(-1);
  if (parent?.[0] === 'remediation') return first === undefined ? fields : valuesOfField(first, rest);
  const isInGroup =
    parent !== undefined && (parent.includes('any') || parent.includes('all') || parent.includes('none'));
  if (isInGroup) return conditionOptions(words, known, parents[0]?.[0] === 'verify', line);
  const isInFolder = parent?.[0] === 'in';
  if (first === undefined) return isInFolder ? verbs(true) : [...openings, ...verbs(false)];
  if (first === 'require' || first === 'verify')
    return conditionOptions(rest, known, first === 'verify', line);
  if (first === 'in') return rest.length === 0 ? pathOptions(known, true) : [];
  return actionDefinitions
    .filter(({ verb }) => verb.split(' ').every((word, at) => at >= words.length || word === words[at]))
    .flatMap(one => actionOptions(one, words, known));
}

const verbs = (onlyFiles: boolean): Completion[] =>
  actionDefinitions
    .filter(one => !onlyFiles || one.changes === 'files')
    .map(one => ({
      label: one.verb,
      kind: 'verb',
      detail: `${one.meaning} (${one.class})`,
      example: one.example,
    }));

function valuesOfField(field: string, rest: readonly string[]): readonly Completion[] {
  if (field !== 'risk' || rest.length > 0) return [];
  return risks.map(risk => ({ label: risk, kind: 'value', detail: `risk ${risk}` }));
}

function actionOptions(
  action: AnyAction,
  words: readonly string[],
  known: KnownNames,
): readonly Completion[] {
  const comma = words.lastIndexOf(',');
  if (comma >= 0) return clauseOptions(action, words.slice(comma + 1));
  // Nothing is enabled as disabled.
  return continuations(shapesOf(action.form), words, known, action.example).filter(
    ({ label }) => label !== 'as disabled',
  );
}

/** Clauses that the action knows; those that are only words as a whole. */
function clauseOptions(action: AnyAction, written: readonly string[]): readonly Completion[] {
  return action.clauses.flatMap(name =>
    continuationsOf(shapesOf(clauseForms[name]), written).flatMap((shape): Completion[] => {
      const label = literalsOf(shape);
      return label === ''
        ? []
        : [{ label, kind: 'clause', detail: clauseForms[name], example: action.example }];
    }),
  );
}

function conditionOptions(
  words: readonly string[],
  known: KnownNames,
  isVerify: boolean,
  line: string,
): readonly Completion[] {
  const usable = conditionDefinitions.filter(one => !isVerify || one.isChangeable);
  if (words.length === 0) {
    const begins = usable.flatMap(one =>
      one.openings.map((opening): Completion => ({
        label: opening,
        kind: 'condition',
        detail: one.meaning,
        example: one.example,
      })),
    );
    return [...begins, ...groups];
  }
  const comma = words.lastIndexOf(',');
  if (comma >= 0 || line.endsWith(', ')) return traitOptions(usable, words);
  return usable.flatMap(one => continuations(shapesOf(one.form), words, known, one.example));
}

/** Clauses that a condition knows, as its form lists them behind commas. */
function traitOptions(usable: readonly AnyCondition[], words: readonly string[]): readonly Completion[] {
  return usable
    .filter(one => one.openings.some(opening => words.join(' ').startsWith(`${opening} `)))
    .flatMap(one =>
      one.form
        .split(/,\s*/)
        .slice(1)
        .map(clause => ({ clause, example: one.example })),
    )
    .map(({ clause, example }) => ({
      label: clause.replace(/\s*…$/, ''),
      kind: 'clause' as const,
      detail: Object.values(clauseForms).find(form => form.startsWith(clause.split(' ')[0]!)) ?? clause,
      example,
    }));
}

function continuations(
  shapes: readonly Shape[],
  written: readonly string[],
  known: KnownNames,
  example: string,
): readonly Completion[] {
  return continuationsOf(shapes, written).flatMap((shape): readonly Completion[] => {
    const [next] = shape;
    if (next?.kind === 'literal')
      return [{ label: literalsOf(shape), kind: 'keyword', detail: detailOf(shape), example }];
    return next ? placeholderOptions(next.name, written, known) : [];
  });
}

/** The words that follow each other until something stands for a value. */
function literalsOf(shape: Shape): string {
  const end = shape.findIndex(one => one.kind === 'placeholder');
  return shape
    .slice(0, end < 0 ? undefined : end)
    .flatMap(one => (one.kind === 'literal' ? [one.word] : []))
    .join(' ');
}

const detailOf = (shape: Shape) => shape.map(one => (one.kind === 'literal' ? one.word : one.name)).join(' ');

function placeholderOptions(
  name: string,
  written: readonly string[],
  known: KnownNames,
): readonly Completion[] {
  const named = (names: readonly string[], detail: string): Completion[] =>
    names.map(one => ({ label: quoteName(one), kind: 'name', detail }));
  if (name === 'PATH') return pathOptions(known, false);
  if (name === 'KEY')
    return ['HKLM\\SYSTEM\\CurrentControlSet\\', 'HKLM\\SOFTWARE\\'].map(label => ({
      label,
      kind: 'place',
      detail: 'of the Windows that was found',
    }));
  if (name === 'PACKAGE') return named(known.packages, 'update that a machine reported');
  if (name === 'CLASS') return named(Object.keys(deviceClasses), 'device class of Windows');
  if (name !== 'NAME') return [];
  if (written.includes('module')) return named(known.modules, 'blamed by a crash dump');
  if (written.includes('service')) return named(known.services, 'service that a machine reported');
  if (written.includes('driver') || written.includes('names') || written.includes('filter'))
    return named(known.drivers, 'driver that a machine reported');
  if (written.includes('package') || written.includes('update'))
    return named(known.packages, 'update that a machine reported');
  return [];
}

function pathOptions(known: KnownNames, isFolder: boolean): readonly Completion[] {
  const folders = [...new Set(known.paths.map(path => path.slice(0, path.lastIndexOf('\\'))))];
  const offered = isFolder ? folders : [...known.paths, ...folders.map(folder => `${folder}\\`)];
  return [
    ...places.map(place => ({
      label: `${place}\\`,
      kind: 'place' as const,
      detail: 'of the Windows that was found',
    })),
    ...offered.map(path => ({
      label: quoteName(path),
      kind: 'name' as const,
      detail: 'reported by a machine',
    })),
  ];
}

function unique(options: readonly Completion[]): readonly Completion[] {
  const seen = new Set<string>();
  return options.filter(({ label }) => label !== '' && !seen.has(label) && seen.add(label));
}
