import { hasWildcard } from '../../facts/glob.ts';
import { findPlace } from '../../facts/place.ts';
import { compareNumbers, isEmptyRange } from '../../facts/range.ts';
import { type Condition, type FileCondition, maxConditions, maxDepth } from '../compiled-rule.ts';
import { compareAs } from '../comparable-value.ts';
import { areDisjoint } from '../compare-conditions.ts';
import { compileFact, reportValues } from './compile-fact.ts';
import { emptyRange } from './empty-range.ts';
import type { IssueDocument } from './issue-document.ts';
import { conditionShapes } from './issue-schema.ts';

type Path = readonly PropertyKey[];

/** Reads `when` of an issue; every mistake goes to the document, and a condition with one is undefined. */
export function compileCondition(source: unknown, document: IssueDocument): Condition | undefined {
  const reader = new ConditionReader(document);
  return reader.read(source, ['when'], maxDepth);
}

const kinds = ['all', 'any', 'not', 'fact', 'file', 'noFile'] as const;

class ConditionReader {
  readonly #document: IssueDocument;
  #left = maxConditions;

  constructor(document: IssueDocument) {
    this.#document = document;
  }

  read(source: unknown, path: Path, depth: number): Condition | undefined {
    if (depth === 0)
      return this.#fail(
        'nested-too-deep',
        path,
        `Conditions stand in each other more than ${maxDepth} deep.`,
      );
    if (this.#left-- === 0)
      return this.#fail('too-many-conditions', path, `A rule has at most ${maxConditions} conditions.`);
    const fields = typeof source === 'object' && source !== null && !Array.isArray(source) ? source : {};
    const kind = kinds.find(key => Object.hasOwn(fields, key));
    switch (kind) {
      case undefined:
        return this.#fail(
          'unknown-condition',
          path,
          `This asks nothing that is known. Expected: ${kinds.join(', ')}.`,
        );
      case 'all':
      case 'any':
        return this.#readGroup(fields as Record<string, unknown>, kind, path, depth);
      case 'not': {
        this.#reportOthers(fields, kind, path);
        const condition = this.read((fields as { not: unknown }).not, [...path, 'not'], depth - 1);
        if (condition?.kind === 'exists')
          return this.#fail(
            'never-holds',
            path,
            `A machine that does not report ${condition.fact} may have it all the same: that is unknown, so this never holds. Expected: noFile for a file, or a value that the fact has on machines without it.`,
          );
        return condition && { kind: 'not', condition };
      }
      case 'fact': {
        const parsed = conditionShapes.fact.safeParse(source);
        if (parsed.success) return compileFact(parsed.data, path, this.#document);
        const { fact } = fields as { readonly fact: unknown };
        if (reportValues(fact, parsed.error.issues, path, this.#document)) return undefined;
        return this.#failWith(parsed.error.issues, path);
      }
      case 'file': {
        const parsed = conditionShapes.file.safeParse(source);
        if (!parsed.success) return this.#failWith(parsed.error.issues, path);
        const { file, ...traits } = parsed.data;
        return this.#readFile({ kind: 'file', path: file, ...traits }, [...path, 'file'], path);
      }
      case 'noFile': {
        const parsed = conditionShapes.noFile.safeParse(source);
        if (!parsed.success) return this.#failWith(parsed.error.issues, path);
        const { noFile, ...traits } = parsed.data;
        const condition = this.#readFile(
          { kind: 'file', path: noFile, ...traits },
          [...path, 'noFile'],
          path,
        );
        return condition && { kind: 'not', condition };
      }
      default:
        return kind satisfies never;
    }
  }

  #readGroup(fields: Record<string, unknown>, kind: 'all' | 'any', path: Path, depth: number) {
    this.#reportOthers(fields, kind, path);
    const sources = fields[kind];
    if (!Array.isArray(sources) || sources.length === 0)
      return this.#fail(
        'empty-condition',
        [...path, kind],
        `An empty "${kind}" proves nothing. Expected: a list of conditions.`,
      );
    const conditions = sources
      .slice(0, maxConditions + 1)
      .map((one, index) => this.read(one, [...path, kind, index], depth - 1))
      .filter(one => one !== undefined);
    if (conditions.length !== sources.length) return undefined;
    const contradiction = kind === 'all' ? findContradiction(conditions) : undefined;
    if (contradiction)
      return this.#fail(
        'never-holds',
        [...path, kind, contradiction.second],
        `No machine fits this and condition ${contradiction.first + 1} of the same list. Expected: "any" in place of "all", or conditions that one machine can meet.`,
      );
    return { kind, conditions };
  }

  #reportOthers(fields: object, kind: string, path: Path): void {
    for (const key of Object.keys(fields))
      if (key !== kind)
        this.#document.add(
          'unknown-field',
          [...path, key],
          `${key} cannot stand beside "${kind}". Put it in the list.`,
        );
  }

  #readFile(condition: FileCondition, pathPlace: Path, place: Path): FileCondition | undefined {
    const problem = problemOfPath(condition.path);
    if (problem) return this.#fail(problem.code, pathPlace, problem.message);
    const { written, sizeBytes } = condition;
    const isAnyEmpty =
      (written && (isOpen(written) || isEmptyRange<string | number>(written, compareAs('instant')))) ||
      (sizeBytes && (isOpen(sizeBytes) || isEmptyRange(sizeBytes, compareNumbers)));
    if (isAnyEmpty) return this.#fail('empty-range', place, emptyRange);
    return condition;
  }

  #fail(...[code, path, message]: Parameters<IssueDocument['add']>): undefined {
    this.#document.add(code, path, message);
  }

  #failWith(...[issues, base]: Parameters<IssueDocument['addIssues']>): undefined {
    this.#document.addIssues(issues, base);
  }
}

/** Two conditions of a list that are proven to exclude each other, by their places in it. */
function findContradiction(conditions: readonly Condition[]) {
  for (const [second, condition] of conditions.entries()) {
    const first = conditions.slice(0, second).findIndex(other => areDisjoint(other, condition));
    if (first >= 0) return { first, second };
  }
  return undefined;
}

const isOpen = ({ from, until }: { readonly from?: unknown; readonly until?: unknown }) =>
  from === undefined && until === undefined;

const privatePlace = /^%systemdrive%\\(users|documents and settings|windows\.old)(\\|$)/i;

function problemOfPath(
  path: string,
): { readonly code: 'invalid-path' | 'private-place'; readonly message: string } | undefined {
  const [place = '', ...parts] = path.split('\\');
  const isWhole = findPlace(place) !== undefined && parts.length > 0;
  const isPlain = parts.every(part => !/^$|^\.+$|[:/<>"|%]|[. ]$/.test(part));
  if (!isWhole || !isPlain || parts.slice(0, -1).some(hasWildcard))
    return {
      code: 'invalid-path',
      message: `${path.slice(0, 80)} is not a path that a rule can ask for. Expected: a place, folders and a name with wildcards in the name only, as %SystemRoot%\\System32\\drivers\\bad*.sys.`,
    };
  if (!privatePlace.test(path)) return undefined;
  return {
    code: 'private-place',
    message: 'Files of people are never asked for. Expected: a place of Windows or of a vendor.',
  };
}
