import { findPlace } from '../facts/place.ts';
import type { Cursor } from './cursor.ts';
import type { Span } from './diagnostic.ts';
import { quoteName } from './read-path.ts';

const mostArguments = 32;
const longestArgument = 260;
/** What a shell would replace; here only places are. */
const variable = /%[^%\s\\]+%/g;

/**
 * Reads `with "…" "…"`: each text in quotes is one argument, handed over letter by letter. Only the places of the found
 * Windows stand for what they mean, as everywhere in a script.
 */
export function readArguments(cursor: Cursor): readonly string[] | undefined {
  if (cursor.peek()?.kind === 'word' && !cursor.isWord('with')) return reportBareArguments(cursor);
  if (!cursor.take('with')) return [];
  const found: string[] = [];
  let isGood = true;
  do {
    const argument = readArgument(cursor);
    if (argument === undefined) isGood = false;
    else found.push(argument);
  } while (cursor.peek() && cursor.peek()!.kind !== 'comma');
  if (found.length <= mostArguments) return isGood ? found : undefined;
  cursor.add(
    'invalid-argument',
    cursor.last()!.span,
    `The line has ${found.length} arguments. Expected: at most ${mostArguments}.`,
  );
  return undefined;
}

/** Reports `mend.exe /quiet`, as one writes it for a shell. */
function reportBareArguments(cursor: Cursor): undefined {
  const start = cursor.peek()!.span.start;
  const words: string[] = [];
  for (let token = cursor.peek(); token && token.kind !== 'comma'; token = cursor.peek()) {
    words.push(token.value);
    cursor.skip();
  }
  const span = { start, end: cursor.last()!.span.end };
  reportCommandLine(cursor, span, printArguments(words));
}

/** Reports `"C:\\Contoso\\mend.exe /quiet"`: a path and its arguments as one text. */
export function reportCommandText(cursor: Cursor): boolean {
  const token = cursor.peek();
  const [, path, rest] = (token?.kind === 'text' && /^(.+?\.exe)\s+(\S.*)$/i.exec(token.value)) || [];
  if (!token || path === undefined || rest === undefined) return false;
  cursor.skip();
  reportCommandLine(cursor, token.span, `${quoteName(path)} ${printArguments(rest.split(/\s+/))}`);
  return true;
}

function reportCommandLine(cursor: Cursor, span: Span, text: string): void {
  const message =
    'No shell reads this line. Expected: the path of the program, then with and each argument in quotes of its own.';
  cursor.add('invalid-argument', span, message, { title: `Write ${text}`, span, text });
}

/** Arguments as scripts write them. */
export const printArguments = (given: readonly string[]): string =>
  `with ${given.map(one => `"${one}"`).join(' ')}`;

function readArgument(cursor: Cursor): string | undefined {
  const token = cursor.readValue('an argument in quotes');
  if (!token) return undefined;
  const { value, span } = token;
  if (token.kind === 'word') {
    cursor.add('unexpected-word', span, `${value} stands here. Expected: an argument in quotes.`, {
      title: 'Put it in quotes',
      span,
      text: `"${value}"`,
    });
    return undefined;
  }
  if (value.trim() === '' || value.length > longestArgument) {
    const count = value.trim() === '' ? 'no' : value.length;
    const message = `The argument has ${count} characters. Expected: 1 to ${longestArgument}.`;
    cursor.add('invalid-argument', span, message);
    return undefined;
  }
  const unknown = value.match(variable)?.find(one => !findPlace(one));
  if (unknown === undefined) return value;
  cursor.add(
    'invalid-argument',
    span,
    `No shell reads the arguments, so nothing would replace ${unknown}. Expected: %SystemRoot%, %SystemDrive%, %ProgramFiles% or %ProgramData%, which mean those of the Windows that was found.`,
  );
  return undefined;
}
