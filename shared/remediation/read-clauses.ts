import { compareNumbers, type Range } from '../facts/range.ts';
import { compareVersions } from '../facts/version.ts';
import type { Cursor } from './cursor.ts';
import type { Span } from './diagnostic.ts';
import { readExtent, readWindow } from './read-extent.ts';
import { readInstant } from './read-instant.ts';
import {
  readCount,
  readDriver,
  readExitCodes,
  readMinutes,
  readNumber,
  readSha256,
  readSize,
  readVersion,
} from './read-value.ts';
import type { Limits } from './syntax-tree.ts';
import type { Extent, FileTraits } from './tree-parts.ts';
import { sizeUnits } from './units.ts';

/** Clauses that can follow an action: what a file must be like, how many there may be, what is accepted. */
export type ClauseName =
  | 'written'
  | 'size'
  | 'version'
  | 'sha256'
  | 'at most files'
  | 'at most MB'
  | 'at most keys'
  | 'at most minutes'
  | 'succeeds on'
  | 'creating the key'
  | 'replacing the type'
  | 'before'
  | 'removing filter entries'
  | 'accepting no undo'
  | 'replacing what is there'
  | 'including files of Windows'
  | 'accepting that Windows may not start';

/** How each clause is written, for documentation and messages. */
export const clauseForms: Readonly<Record<ClauseName, string>> = {
  written: 'written from INSTANT until INSTANT',
  size: 'size RANGE',
  version: 'version RANGE',
  sha256: 'sha256 HASH',
  'at most files': 'at most N files',
  'at most MB': 'at most N MB',
  'at most keys': 'at most N keys',
  'at most minutes': 'at most N minutes',
  'succeeds on': 'succeeds on N or N',
  'creating the key': 'creating the key',
  'replacing the type': 'replacing the type',
  before: 'before NAME',
  'removing filter entries': 'removing filter entries',
  'accepting no undo': 'accepting no undo',
  'replacing what is there': 'replacing what is there',
  'including files of Windows': 'including files of Windows',
  'accepting that Windows may not start': 'accepting that Windows may not start',
};

/** What the clauses of one line say. */
export interface Clauses {
  readonly traits: FileTraits;
  readonly limits: Limits;
  /** How long a program may take. */
  readonly minutes?: number;
  /** Exit codes that mean success. */
  readonly succeedsOn?: readonly number[];
  /** The driver that another one is put before. */
  readonly before?: string;
  /** Names of all clauses of the line. */
  readonly said: ReadonlySet<ClauseName>;
}

/** Clauses that are only words. */
const wordClauses = [
  'creating the key',
  'replacing the type',
  'removing filter entries',
  'accepting no undo',
  'replacing what is there',
  'including files of Windows',
  'accepting that Windows may not start',
] as const;
const clauseWords = wordClauses.map(name => ({ name, words: name.split(' ') }));

interface Found {
  written?: Range<number>;
  sizeBytes?: Extent<number>;
  version?: Extent<string>;
  sha256?: string;
  files?: number;
  bytes?: number;
  keys?: number;
  minutes?: number;
  succeedsOn?: readonly number[];
  before?: string;
}

/**
 * Reads the clauses up to the end of the line; a mistake in one does not hide the next. `firstComma` says whether the
 * first clause needs a comma before it, as every further one does.
 */
export function readClauses(
  cursor: Cursor,
  allowed: readonly ClauseName[],
  firstComma: 'required' | 'optional',
): Clauses | undefined {
  const found: Found = {};
  const seen = new Set<ClauseName>();
  let isGood = true;
  for (let first = true; cursor.peek(); first = false) {
    const start = cursor.peek()!.span.start;
    const beforeComma = cursor.last()?.span.end ?? start;
    if (!cursor.takeComma() && (!first || firstComma === 'required')) {
      isGood = false;
      if (!reportMissingComma(cursor, allowed)) {
        skipToComma(cursor);
        continue;
      }
    }
    const name = readClause(cursor, allowed, found);
    const span = { start, end: cursor.last()?.span.end ?? start };
    if (name === undefined || !reportMisplaced(cursor, name, allowed, seen, span, beforeComma)) {
      isGood = false;
      skipToComma(cursor);
    }
    if (name !== undefined) seen.add(name);
    if (name !== undefined && cursor.peek() && cursor.peek()!.kind !== 'comma') {
      reportMissingComma(cursor, allowed);
      return undefined;
    }
  }
  if (!isGood) return undefined;
  const { files, bytes, keys, minutes, succeedsOn, before, written, sizeBytes, version, sha256 } = found;
  return {
    traits: {
      ...(written && { written }),
      ...(sizeBytes && { sizeBytes }),
      ...(version && { version }),
      ...(sha256 && { sha256 }),
    },
    limits: {
      ...(files !== undefined && { files }),
      ...(bytes !== undefined && { bytes }),
      ...(keys !== undefined && { keys }),
    },
    ...(minutes !== undefined && { minutes }),
    ...(succeedsOn && { succeedsOn }),
    ...(before !== undefined && { before }),
    said: seen,
  };
}

function readClause(cursor: Cursor, allowed: readonly ClauseName[], found: Found): ClauseName | undefined {
  if (cursor.take('written')) {
    const written = readWindow(cursor, readInstant, compareNumbers);
    if (written) found.written = written;
    return written && 'written';
  }
  if (cursor.take('size')) {
    const sizeBytes = readExtent(cursor, readSize, compareNumbers);
    if (sizeBytes) found.sizeBytes = sizeBytes;
    return sizeBytes && 'size';
  }
  if (cursor.take('version')) {
    const version = readExtent(cursor, readVersion, compareVersions);
    if (version) found.version = version;
    return version && 'version';
  }
  if (cursor.take('sha256')) {
    const sha256 = readSha256(cursor);
    if (sha256 !== undefined) found.sha256 = sha256;
    return sha256 === undefined ? undefined : 'sha256';
  }
  if (cursor.take('before')) {
    const before = readDriver(cursor);
    if (before !== undefined) found.before = before;
    return before === undefined ? undefined : 'before';
  }
  if (cursor.take('succeeds')) {
    const succeedsOn = cursor.expect('on') ? readExitCodes(cursor) : undefined;
    if (succeedsOn) found.succeedsOn = succeedsOn;
    return succeedsOn && 'succeeds on';
  }
  const opening = clauseWords.find(({ words }) => cursor.isWord(words[0]!));
  if (opening) return readWords(cursor, opening, allowed);
  if (cursor.take('at')) return cursor.expect('most') ? readLimit(cursor, found) : undefined;
  cursor.expectOneOf([...new Set(allowed.map(name => name.split(' ')[0]!))]);
  return undefined;
}

/** Clauses that are only words and open with the same one are told apart by the next. */
function readWords(
  cursor: Cursor,
  like: (typeof clauseWords)[number],
  allowed: readonly ClauseName[],
): ClauseName | undefined {
  cursor.skip();
  const alike = clauseWords.filter(({ words }) => words[0] === like.words[0]);
  const meant =
    alike.find(({ words }) => cursor.isWord(words[1]!)) ??
    alike.find(({ name }) => allowed.includes(name)) ??
    like;
  const isWhole = meant.words.slice(1).every(word => cursor.expect(word));
  return isWhole ? meant.name : undefined;
}

function readLimit(cursor: Cursor, found: Found): ClauseName | undefined {
  if (cursor.isWord('files', 1) || cursor.isWord('file', 1)) {
    const count = readCount(cursor);
    cursor.skip();
    if (count !== undefined) found.files = count;
    return count === undefined ? undefined : 'at most files';
  }
  if (cursor.isWord('keys', 1)) {
    const count = readCount(cursor);
    cursor.skip();
    if (count !== undefined) found.keys = count;
    return count === undefined ? undefined : 'at most keys';
  }
  if (cursor.isWord('minutes', 1) || cursor.isWord('minute', 1)) {
    const minutes = readMinutes(cursor);
    cursor.skip();
    if (minutes !== undefined) found.minutes = minutes;
    return minutes === undefined ? undefined : 'at most minutes';
  }
  const number = readNumber(cursor);
  if (number === undefined) return undefined;
  const span = cursor.last()!.span;
  const unit = cursor.expectOneOf(['file', 'files', 'MB', 'keys', 'minutes'] as const);
  if (unit !== 'MB') return undefined;
  if (number >= 1 && number <= 1024 * 1024) {
    found.bytes = number * sizeUnits.MB;
    return 'at most MB';
  }
  cursor.add('limit-out-of-range', span, 'Expected: 1 to 1048576 MB.');
  return undefined;
}

function reportMisplaced(
  cursor: Cursor,
  name: ClauseName,
  allowed: readonly ClauseName[],
  seen: ReadonlySet<ClauseName>,
  span: Span,
  beforeComma: number,
): boolean {
  const fix = { title: 'Remove the clause', span: { start: beforeComma, end: span.end }, text: '' };
  if (!allowed.includes(name)) {
    const forms = allowed.map(one => clauseForms[one]).join('; ') || 'the end of the line';
    cursor.add('clause-not-allowed', span, `This clause does not fit here. Expected: ${forms}.`, fix);
    return false;
  }
  if (!seen.has(name)) return true;
  cursor.add('duplicate-clause', span, `The line says "${name}" twice. Expected: once.`, fix);
  return false;
}

/** Whether what stands there is a clause that only lacks its comma. */
function reportMissingComma(cursor: Cursor, allowed: readonly ClauseName[]): boolean {
  const before = cursor.last();
  const at = before?.span.end ?? cursor.line.span.start;
  const token = cursor.peek()!;
  const isClause =
    token.kind === 'word' &&
    [
      'written',
      'size',
      'version',
      'sha256',
      'at',
      'removing',
      'replacing',
      'including',
      'accepting',
      'succeeds',
    ].includes(token.value);
  if (
    before?.kind === 'word' &&
    before.value.includes('\\') &&
    token.kind === 'word' &&
    token.value.includes('\\')
  ) {
    reportBlankInPath(cursor, { start: before.span.start, end: token.span.end });
    return false;
  }
  const expected = `a comma and a clause (${allowed.map(one => clauseForms[one]).join('; ')}), or the end of the line`;
  cursor.reportMissing(
    expected,
    isClause ? { title: 'Write a comma', span: { start: at, end: at }, text: ',' } : undefined,
  );
  return isClause;
}

function reportBlankInPath(cursor: Cursor, span: Span): void {
  const path = cursor.report.text.slice(span.start, span.end);
  cursor.add('unexpected-word', span, 'A path that holds a blank stands in quotes.', {
    title: 'Put it in quotes',
    span,
    text: `"${path}"`,
  });
}

function skipToComma(cursor: Cursor): void {
  while (cursor.peek() && cursor.peek()!.kind !== 'comma') cursor.skip();
}
