import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type * as z from 'zod/mini';
import type { IssueDiagnostic, IssueDiagnosticCode } from './issue-diagnostic.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

const maxLength = 64 * 1024;
const maxDiagnostics = 50;

/** A YAML text with the mistakes found in it so far, each at its place. */
export class IssueDocument {
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document | undefined;
  readonly #found: IssueDiagnostic[] = [];

  constructor(text: string) {
    this.#text = text;
    if (text.length > maxLength)
      this.#add('too-large', 0, [], `The file is larger than ${maxLength / 1024} KB.`);
    else this.#document = this.#read();
  }

  get diagnostics(): readonly IssueDiagnostic[] {
    return this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  get isClean(): boolean {
    return this.#found.length === 0;
  }

  /** The plain value; undefined when the text could not be read. */
  get value(): unknown {
    return this.isClean ? this.#document?.toJS() : undefined;
  }

  add(code: IssueDiagnosticCode, path: Path, message: string): void {
    this.#add(code, this.#offsetOf(path), path, message);
  }

  /** Reports what a schema said. */
  addIssues(issues: readonly Issue[], base: Path): void {
    for (const issue of issues) {
      const path = [...base, ...issue.path];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys)
          this.add('unknown-field', [...path, key], `There is no field ${key} here.`);
      } else if (issue.code === 'invalid_type' && this.#nodeOf(path) === undefined) {
        this.add(
          'missing-field',
          path,
          `The field ${String(path.at(-1))} is missing. Expected: ${issue.expected}.`,
        );
      } else {
        this.add(
          'wrong-value',
          path,
          `${this.#shown(path)} does not fit here. Expected: ${sayExpected(issue)}.`,
        );
      }
    }
  }

  #read(): Document | undefined {
    let document: Document;
    try {
      document = parseDocument(this.#text, { lineCounter: this.#lines, prettyErrors: false });
    } catch {
      // Nested so deep that the reader gave up.
      this.#add('not-yaml', 0, [], 'The file is nested too deep to be read as YAML.');
      return undefined;
    }
    for (const error of document.errors)
      this.#add('not-yaml', error.pos[0], [], `This is not YAML: ${error.message}.`);
    visit(document, {
      Alias: (_key, node) => {
        this.#add('alias', node.range?.[0] ?? 0, [], 'An alias repeats what stands elsewhere. Write it out.');
      },
    });
    return document;
  }

  #add(code: IssueDiagnosticCode, offset: number, path: Path, message: string): void {
    if (this.#found.length >= maxDiagnostics) return;
    const { line, col } = this.#lines.linePos(offset);
    this.#found.push({
      code,
      message,
      line: Math.max(1, line),
      column: Math.max(1, col),
      field: path.map(String).join('.'),
    });
  }

  /** Where the value at a path stands; for a key that is not asked for, the key; for a missing one, its parent. */
  #offsetOf(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#nodeOf(path.slice(0, length));
      if (node) return this.#keyOffset(path.slice(0, length)) ?? node.range?.[0] ?? 0;
    }
    return 0;
  }

  #keyOffset(path: Path): number | undefined {
    const parent = this.#nodeOf(path.slice(0, -1));
    if (path.length === 0 || !isMap(parent)) return undefined;
    const pair = parent.items.find(item => isScalar(item.key) && item.key.value === path.at(-1));
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }

  #nodeOf(path: Path) {
    let node: unknown = this.#document?.contents;
    for (const key of path) {
      if (isMap(node)) node = node.items.find(item => isScalar(item.key) && item.key.value === key)?.value;
      else if (isSeq(node)) node = node.items[Number(key)];
      else return undefined;
    }
    return isNode(node) ? node : undefined;
  }

  #shown(path: Path): string {
    const node = this.#nodeOf(path);
    return isScalar(node) ? String(node.value).slice(0, 80) : `The field ${String(path.at(-1))}`;
  }
}

function sayExpected(issue: Issue): string {
  const unit = 'origin' in issue && issue.origin === 'string' ? ' characters' : '';
  if (issue.code === 'invalid_type') return `a ${issue.expected}`;
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unit}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unit}`;
  if (issue.code === 'invalid_format')
    return formats[issue.format] ?? `a text of the form ${issue.pattern ?? issue.format}`;
  return 'another value';
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'an instant in UTC, as 2024-07-19T04:09:00Z',
  date: 'a day, as 2024-07-19',
};
