import { hasWildcard } from '../facts/glob.ts';
import { findPlace, type Place } from '../facts/place.ts';
import type { Cursor } from './cursor.ts';
import type { DiagnosticCode, Span } from './diagnostic.ts';
import type { FilePath, FolderPath } from './tree-parts.ts';

const maxPathLength = 260;
const example = '%SystemRoot%\\System32\\drivers\\bad.sys';
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])$/i;

interface PathProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** The whole path as it would be accepted. */
  readonly better?: string | undefined;
}

interface PathParts {
  readonly place: Place;
  readonly parts: readonly string[];
}

/** Reads a file below a place, or in the body of `in` below its folder. */
export function readFilePath(cursor: Cursor, base?: FolderPath): FilePath | undefined {
  const token = cursor.readValue(base ? 'a file name' : `a path, as ${example}`);
  if (!token) return undefined;
  const found = base ? readBelow(token.value, base) : readWhole(token.value);
  if ('code' in found) return reportPath(cursor, token.span, found);
  const name = found.parts.at(-1);
  const folders = found.parts.slice(0, -1);
  if (name === undefined)
    return reportPath(cursor, token.span, {
      code: 'missing-file-name',
      message: `The path names no file. Expected: one, as ${example}.`,
    });
  if (folders.some(hasWildcard)) return reportPath(cursor, token.span, wildcardInFolder);
  return { place: found.place, folders, name, span: token.span };
}

/** Reads a folder below a place. */
export function readFolderPath(cursor: Cursor): FolderPath | undefined {
  const token = cursor.readValue('a folder, as %SystemRoot%\\System32\\drivers');
  if (!token) return undefined;
  const found = readWhole(token.value);
  if ('code' in found) return reportPath(cursor, token.span, found);
  if (found.parts.some(hasWildcard)) return reportPath(cursor, token.span, wildcardInFolder);
  return { place: found.place, folders: found.parts, span: token.span };
}

/** Reads a bare file name without folder or wildcard. */
export function readNewName(cursor: Cursor): string | undefined {
  const token = cursor.readValue('the new name');
  if (!token) return undefined;
  const name = token.value;
  if (name === '' || /[\\/]/.test(name) || hasWildcard(name) || findPlace(name)) {
    const last = name.split(/[\\/]/).at(-1)!;
    const isUsable = last !== '' && !hasWildcard(last) && !findPlace(last) && !problemOfPart(last);
    return reportPath(cursor, token.span, {
      code: 'not-a-name',
      message: 'A file keeps its folder when it is renamed. Expected: a name without folder or wildcard.',
      better: isUsable ? last : undefined,
    });
  }
  const problem = problemOfPart(name);
  if (!problem) return name;
  return reportPath(cursor, token.span, { ...problem, better: problem.betterPart });
}

const wildcardInFolder: PathProblem = {
  code: 'wildcard-in-folder',
  message: 'A wildcard stands in the name of a folder. Expected: wildcards in the last part of a path only.',
};

function reportPath(cursor: Cursor, span: Span, problem: PathProblem): undefined {
  const text = problem.better === undefined ? undefined : quoteName(problem.better);
  cursor.add(
    problem.code,
    span,
    problem.message,
    text === undefined ? undefined : { title: `Write ${text}`, span, text },
  );
}

/** A name or path as scripts write it: in quotes where it would not read as one word. */
export const quoteName = (name: string): string => (/[\s,]|^#|^$/.test(name) ? `"${name}"` : name);

// Other spellings of the places, and variables that mean one.
const spellings: ReadonlyMap<string, string> = new Map([
  ['%windir%', '%SystemRoot%'],
  ['%homedrive%', '%SystemDrive%'],
  ['%programw6432%', '%ProgramFiles%'],
  ['%allusersprofile%', '%ProgramData%'],
  ['%programfiles(x86)%', '%SystemDrive%\\Program Files (x86)'],
]);

function readWhole(text: string): PathParts | PathProblem {
  const problem = problemOfStart(text);
  if (problem) return problem;
  const [variable = '', ...parts] = text.split('\\');
  const place = findPlace(variable);
  if (place) return partsOf(place, text, variable, parts);
  if (!variable.startsWith('%')) return missingPlace(text);
  const spelling = spellings.get(variable.toLowerCase());
  return {
    code: 'unknown-place',
    message: `${variable} is not known in a recovery environment. Expected: %SystemRoot%, %SystemDrive%, %ProgramFiles% or %ProgramData%.`,
    better: spelling && [spelling, ...parts].join('\\'),
  };
}

function readBelow(text: string, base: FolderPath): PathParts | PathProblem {
  const problem = problemOfStart(text);
  if (problem) return problem;
  const folder = [base.place, ...base.folders].join('\\');
  if (text.startsWith('%'))
    return {
      code: 'place-inside-in',
      message: `The path starts with a place, but the lines below "in" work in its folder. Expected: a name in ${folder}.`,
      better: text.toLowerCase().startsWith(`${folder.toLowerCase()}\\`)
        ? text.slice(folder.length + 1)
        : undefined,
    };
  const found = partsOf(base.place, text, undefined, text.split('\\'));
  if ('code' in found) return found;
  return { place: base.place, parts: [...base.folders, ...found.parts] };
}

function problemOfStart(text: string): PathProblem | undefined {
  if (text.includes('/'))
    return {
      code: 'slash-in-path',
      message: 'Windows paths in scripts use backslashes.',
      better: text.replaceAll('/', '\\'),
    };
  if (text.startsWith('\\\\'))
    return {
      code: 'network-path',
      message: `A script reaches only the Windows that was found. Expected: a path that starts with a place, as ${example}.`,
    };
  const drive = /^[A-Za-z]:(\\(windows(?=\\))?)?/i.exec(text);
  if (!drive) return undefined;
  const place = drive[2] === undefined ? '%SystemDrive%\\' : '%SystemRoot%';
  return {
    code: 'drive-letter',
    message: `Drive letters mean nothing in a recovery environment. Expected: a place, as ${place.replace(/\\$/, '')}.`,
    better: drive[1] === undefined ? undefined : `${place}${text.slice(drive[0].length)}`,
  };
}

function missingPlace(text: string): PathProblem {
  const bare = text.replace(/^\\/, '');
  const isWindows = /^(system32|syswow64)\\/i.test(text);
  const better = isWindows ? `%SystemRoot%\\${text}` : text === bare ? undefined : `%SystemDrive%\\${bare}`;
  return {
    code: 'missing-place',
    message: `The path does not say where it starts. Expected: %SystemRoot%, %SystemDrive%, %ProgramFiles% or %ProgramData% in front, as ${example}.`,
    better,
  };
}

function partsOf(
  place: Place,
  text: string,
  variable: string | undefined,
  parts: readonly string[],
): PathParts | PathProblem {
  const rebuild = (better: readonly string[]) =>
    [...(variable === undefined ? [] : [variable]), ...better].join('\\');
  if (text.length > maxPathLength || parts.some(part => part.length > 255))
    return {
      code: 'path-too-long',
      message: `The path has ${text.length} characters. Expected: at most ${maxPathLength}.`,
    };
  if (parts.includes('..')) return { ...relativePart, better: resolveParents(parts, rebuild) };
  if (parts.includes('.')) return { ...relativePart, better: rebuild(parts.filter(part => part !== '.')) };
  if (parts.includes('')) {
    const better = rebuild(parts.filter(part => part !== ''));
    return {
      code: 'empty-part',
      message: 'There is a backslash too many. Expected: one between two names and none at the end.',
      better: better === '' ? undefined : better,
    };
  }
  for (const [index, part] of parts.entries()) {
    const problem = problemOfPart(part);
    if (!problem) continue;
    const { betterPart, ...rest } = problem;
    return betterPart === undefined ? rest : { ...rest, better: rebuild(parts.with(index, betterPart)) };
  }
  return { place, parts };
}

const relativePart: PathProblem = {
  code: 'relative-part',
  message: 'The path has a part . or .., which hides where it leads. Expected: the path without it.',
};

function resolveParents(
  parts: readonly string[],
  rebuild: (parts: readonly string[]) => string,
): string | undefined {
  const resolved: string[] = [];
  for (const part of parts) {
    if (part === '..' && resolved.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.') resolved.push(part);
  }
  return resolved.length === 0 ? undefined : rebuild(resolved);
}

interface PartProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly betterPart?: string;
}

// Most names; what is left out here is looked at below.
const plainPart = /^[A-Za-z0-9_*?-]{5,}(\.[A-Za-z0-9_*?-]+)*$/;

function problemOfPart(part: string): PartProblem | undefined {
  if (plainPart.test(part)) return undefined;
  if (part.includes(':'))
    return {
      code: 'alternate-stream',
      message: `${part} names a stream inside a file. Expected: a file name without a colon.`,
    };
  if (/[<>"|%]/.test(part))
    return {
      code: 'forbidden-in-name',
      message: `${part} has a character that no name here can have. Expected: a name without < > " | %.`,
    };
  if (/[. ]$|^ /.test(part)) {
    const betterPart = part.replace(/[. ]+$/, '').replace(/^ +/, '');
    return {
      code: 'trailing-dot-or-blank',
      message: `"${part}" starts or ends in a blank or ends in a dot, which Windows drops or hides. Expected: the name without it.`,
      ...(betterPart !== '' && { betterPart }),
    };
  }
  if (deviceName.test(part.split('.')[0]!.trimEnd()))
    return {
      code: 'device-name',
      message: `${part} names a device to Windows, whatever the folder. Expected: the name of a file.`,
    };
  return undefined;
}
