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
          `The field ${String(path.at(-1))} is missing. Expected: ${typeWords[issue.expected] ?? issue.expected}.`,
        );
      } else {
        this.add(
          'wrong-value',
          path,
          `${this.shown(path, `The field ${String(path.at(-1))}`)} does not fit here. Expected: ${sayExpected(issue)}.`,
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
      this.#add('not-yaml', 0, [], tooDeep);
      return undefined;
    }
    for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
      // A reader that gave up inside leaves everything behind that place open, each with an error of its own.
      if (code === 'RESOURCE_EXHAUSTION') {
        this.#found.length = 0;
        this.#add('not-yaml', pos[0], [], tooDeep);
        return undefined;
      }
      this.#add('not-yaml', pos[0], [], `This is not YAML: ${readerWords[code] ?? message}.`);
    }
    if (!isMap(document.contents)) this.#add('not-yaml', 0, [], noFields);
    const isReadable = this.#refuseHidden(this.#text);
    visit(document, {
      Scalar: (_key, { value, range }) => {
        // Written as an escape, it comes out only here.
        if (isReadable && typeof value === 'string') this.#refuseHidden(value, range?.[0]);
      },
      Alias: (_key, node) => {
        this.#add('alias', node.range?.[0] ?? 0, [], 'An alias repeats what stands elsewhere. Write it out.');
      },
    });
    return document;
  }

  /** Text of this file is shown to people and kept in a database: what cannot be seen there has no place in it. */
  #refuseHidden(text: string, offset?: number): boolean {
    const at = text.search(hidden);
    if (at < 0) return true;
    const name = `U+${text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, '0')}`;
    this.#add(
      'not-yaml',
      offset ?? at,
      [],
      `Here stands ${name}, which nobody can read. Expected: visible characters, saved as UTF-8.`,
    );
    return false;
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

  /** A value as it stands at this place, shortened; the other text where no single value does. */
  shown(path: Path, otherwise: string): string {
    const node = this.#nodeOf(path);
    if (!isScalar(node)) return otherwise;
    const read = String(node.value).slice(0, 80);
    const written = (node.source ?? read).slice(0, 80);
    return typeof node.value === 'number' && written !== read
      ? `${written} (which YAML reads as ${read})`
      : written;
  }
}

/** Control characters but for tab and line ends, marks that turn the order of letters, and what stands for bad UTF-8. */
const hidden = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}\ufffd]/u;

const tooDeep = 'The file is nested too deep to be read as YAML.';
const noFields =
  'This holds no fields. Expected: those of a known issue, each in a line of its own, as "title: …".';

/** What the reader of YAML says in words of its own programmers. */
const readerWords: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this field stands here twice',
  MULTIPLE_DOCS: 'a second document begins here, and a file holds one',
};

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text, in quotes where it looks like a number',
  int: 'a whole number',
  number: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields',
};

function sayExpected(issue: Issue): string {
  const unit = 'origin' in issue && issue.origin === 'string' ? ' characters' : '';
  if (issue.code === 'invalid_type') return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_union') return 'a text in quotes, or a whole number';
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
