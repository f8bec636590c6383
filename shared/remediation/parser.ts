import { actionDefinitions } from './action-table.ts';
import { Cursor } from './cursor.ts';
import { endOf, type Layout, type Line, readLayout, statementOf } from './layout.ts';
import { readClauses } from './read-clauses.ts';
import { readCondition } from './read-condition.ts';
import { readFolderPath } from './read-path.ts';
import { readSource as readAddress, readText } from './read-value.ts';
import { type Report, readSource } from './source.ts';
import {
  type About,
  type Action,
  type Field,
  type FileAction,
  type Guard,
  type InStep,
  type Proof,
  type Risk,
  type Script,
  type Step,
  risks,
} from './syntax-tree.ts';
import type { FolderPath, Statement } from './tree-parts.ts';

/** The sections of a script, in their order. */
const sections = ['remediation', 'require', 'do', 'verify', 'reboot'] as const;
type Section = (typeof sections)[number];

/** The first words of all actions, in the order of the table. */
const actionOpenings = [...new Set(actionDefinitions.map(({ verb }) => verb.split(' ')[0]!))];
const fileVerbs = ['delete', 'rename', 'copy'] as const satisfies readonly FileAction['verb'][];
const openings: readonly string[] = ['remediation', 'require', 'in', ...actionOpenings, 'verify', 'reboot'];

const maxTitleLength = 200;
const maxTellLength = 300;

/**
 * Reads a script and reports every mistake of form in one pass. What could not be read is left out of the tree.
 * Undefined only when the text is too large to be looked at.
 */
export function parseScript(report: Report): Script | undefined {
  const sourceLines = readSource(report);
  return sourceLines && new Parser(report).readScript(readLayout(sourceLines, report));
}

class Parser {
  readonly #report: Report;
  #about: About | undefined;
  #reboot: Statement | undefined;
  readonly #guards: Guard[] = [];
  readonly #steps: Step[] = [];
  readonly #proofs: Proof[] = [];

  constructor(report: Report) {
    this.#report = report;
  }

  readScript({ lines, closingComments }: Layout): Script {
    let furthest = 0;
    const firstOf = new Map<Section, Line>();
    for (const line of lines) {
      const section = this.#readLine(line);
      if (section === undefined) continue;
      if (sections.indexOf(section) < furthest) this.#reportOrder(line, section, firstOf);
      furthest = Math.max(furthest, sections.indexOf(section));
      if (!firstOf.has(section)) firstOf.set(section, line);
    }
    if (!firstOf.has('do') && this.#report.isClean) this.#reportNoStep();
    return {
      ...(this.#about && { about: this.#about }),
      guards: this.#guards,
      steps: this.#steps,
      proofs: this.#proofs,
      ...(this.#reboot && { reboot: this.#reboot }),
      closingComments,
    };
  }

  /** Reads one line with its body; the section it belongs to, or undefined when its first word is unknown. */
  #readLine(line: Line): Section | undefined {
    const cursor = new Cursor(line, this.#report);
    if (reportComment(line, this.#report)) return undefined;
    const opening = cursor.expectOneOf(openings);
    switch (opening) {
      case undefined:
        return undefined;
      case 'remediation':
        this.#readAbout(cursor);
        return 'remediation';
      case 'require': {
        const condition = readCondition(cursor);
        if (condition) this.#guards.push({ ...statementOf(line), condition });
        return 'require';
      }
      case 'verify': {
        const condition = readCondition(cursor);
        if (condition) this.#proofs.push({ ...statementOf(line), condition });
        return 'verify';
      }
      case 'reboot':
        if (this.#reboot) this.#reportDuplicate(line, 'reboot');
        if (cursor.expectEnd() && cursor.expectNoBody()) this.#reboot ??= statementOf(line);
        return 'reboot';
      case 'in': {
        const step = this.#readIn(cursor);
        if (step) this.#steps.push(step);
        return 'do';
      }
      default: {
        const action = readAction(cursor, opening);
        if (action) this.#steps.push(action);
        return 'do';
      }
    }
  }

  #readAbout(cursor: Cursor): void {
    const { line } = cursor;
    if (this.#about) return this.#reportDuplicate(line, 'remediation');
    const title = readText(cursor, 'a title', maxTitleLength);
    if (title !== undefined) cursor.expectEnd();
    let risk: Field<Risk> | undefined;
    let tell: Field<string> | undefined;
    const sources: Field<string>[] = [];
    for (const field of line.body) {
      const words = new Cursor(field, this.#report);
      const name = words.expectOneOf(['risk', 'source', 'tell']);
      if ((name === 'risk' && risk) || (name === 'tell' && tell)) {
        this.#reportDuplicate(field, name);
        continue;
      }
      if (name === 'risk') risk = fieldOf(words, words.expectOneOf(risks));
      if (name === 'tell') tell = fieldOf(words, readText(words, 'a sentence', maxTellLength));
      const source = name === 'source' ? fieldOf(words, readAddress(words)) : undefined;
      if (source) sources.push(source);
    }
    this.#about = {
      ...statementOf(line),
      title: title ?? '',
      ...(risk && { risk }),
      sources,
      ...(tell && { tell }),
    };
  }

  #readIn(cursor: Cursor): InStep | undefined {
    const { line } = cursor;
    const folder = readFolderPath(cursor);
    if (folder) cursor.expectEnd();
    if (line.body.length === 0)
      this.#report.add(
        'missing-body',
        { start: line.span.end, end: line.span.end },
        `Nothing is done in this folder. Expected: lines below, indented by two spaces, that start with one of ${fileVerbs.join(', ')}.`,
      );
    const actions = line.body.map(inner => {
      const words = new Cursor(inner, this.#report);
      const verb = words.expectOneOf(fileVerbs);
      const action = verb && readAction(words, verb, folder ?? nowhere);
      return action?.verb === 'delete' || action?.verb === 'rename' || action?.verb === 'copy'
        ? action
        : undefined;
    });
    if (!folder) return undefined;
    return {
      ...statementOf(line),
      verb: 'in',
      folder,
      actions: actions.filter(action => action !== undefined),
    };
  }

  #reportOrder(line: Line, section: Section, firstOf: ReadonlyMap<Section, Line>): void {
    const { text } = this.#report;
    const later = sections.slice(sections.indexOf(section) + 1);
    const target = later.flatMap(one => firstOf.get(one) ?? []).toSorted((a, b) => a.line - b.line)[0]!;
    const start = startOf(target, text);
    const blockStart = startOf(line, text);
    const end = endOf(line);
    const moved = `${text.slice(blockStart, end)}\n${text.slice(start, blockStart).trimEnd()}`;
    const name = section === 'do' ? 'A step' : `"${section}"`;
    this.#report.add(
      'wrong-order',
      line.span,
      `${name} stands too late. The order is: remediation, require, steps, verify, reboot.`,
      { title: 'Move it up', span: { start, end }, text: moved },
    );
  }

  #reportDuplicate(line: Line, name: string): void {
    const { text } = this.#report;
    const start = startOf(line, text);
    const nextLine = text.indexOf('\n', endOf(line)) + 1;
    this.#report.add('duplicate-line', line.span, `A script says "${name}" once.`, {
      title: 'Remove the line',
      span: { start, end: nextLine === 0 ? text.length : nextLine },
      text: '',
    });
  }

  #reportNoStep(): void {
    const end = this.#report.text.trimEnd().length;
    this.#report.add(
      'no-step',
      { start: end, end },
      `The script does nothing. Expected: a line that starts with one of in, ${actionOpenings.join(', ')}.`,
    );
  }
}

/** Reports a comment as other languages begin it. */
function reportComment({ tokens: [first], span }: Line, report: Report): boolean {
  const mark = first?.kind === 'word' ? /^(?:\/\/|::|--|;|'|rem$)/i.exec(first.value)?.[0] : undefined;
  if (!first || mark === undefined) return false;
  const end = first.span.start + mark.length;
  report.add('unknown-word', span, `${mark} begins no comment here. Expected: # at the start of the line.`, {
    title: 'Write #',
    span: { start: first.span.start, end },
    text: report.text[end] === ' ' ? '#' : '# ',
  });
  return true;
}

/** Stands in for the folder of an `in` that could not be read, so that its body is read all the same. */
const nowhere: FolderPath = { place: '%SystemDrive%', folders: [], span: { start: 0, end: 0 } };

function readAction(cursor: Cursor, opening: string, inside?: FolderPath): Action | undefined {
  const content = readDefinition(cursor, opening)?.read(cursor, inside);
  const isWhole = content !== undefined && endsHere(cursor);
  if (!cursor.expectNoBody() || !isWhole) return undefined;
  return { ...statementOf(cursor.line), ...content };
}

const actionWords = actionDefinitions.map(definition => ({ definition, words: definition.verb.split(' ') }));
const actionsByOpening = new Map(
  actionOpenings.map(opening => [opening, actionWords.filter(({ words }) => words[0] === opening)]),
);

/** The action that the opening word and the ones after it name: `remove` is many, told apart by the words behind it. */
function readDefinition(cursor: Cursor, opening: string) {
  let alike = actionsByOpening.get(opening) ?? [];
  for (let at = 1; alike.some(({ words }) => words.length > at); at++) {
    const whole = alike.find(({ words }) => words.length === at);
    if (whole && !alike.some(({ words }) => cursor.isWord(words[at] ?? ''))) return whole.definition;
    const longer = alike.filter(({ words }) => words.length > at);
    const word = cursor.expectOneOf([...new Set(longer.map(({ words }) => words[at]!))]);
    if (word === undefined) return undefined;
    alike = alike.filter(({ words }) => words[at] === word);
  }
  return alike[0]?.definition;
}

/** Where a line starts, with the comments right above it. */
function startOf(line: Line, text: string): number {
  let start = text.lastIndexOf('\n', line.span.start) + 1;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!text.slice(above, start).trimStart().startsWith('#')) break;
    start = above;
  }
  return start;
}

function fieldOf<Value>(cursor: Cursor, value: Value | undefined): Field<Value> | undefined {
  if (value === undefined || !cursor.expectEnd() || !cursor.expectNoBody()) return undefined;
  return { ...statementOf(cursor.line), value };
}

/** Whether the line of an action says no more; a clause that it does not take is told as one. */
const endsHere = (cursor: Cursor): boolean =>
  cursor.peek()?.kind === 'comma' ? readClauses(cursor, [], 'required') !== undefined : cursor.expectEnd();
