import * as z from 'zod/mini';
import { foldName } from '../facts/glob.ts';
import { isInterpreter, isProgramName } from './interpreters.ts';
import { parseScript } from './parser.ts';
import { printPath } from './phrases.ts';
import { quoteName } from './read-path.ts';
import { Report } from './source.ts';
import { actionsOf, type Script } from './syntax-tree.ts';

/** A list holds at most so many. */
export const mostPrograms = 32;

/** One program that scripts may run on a device: this path with these bytes, and nothing else. */
export const allowedProgram = z.object({
  /** As a script writes it: `%ProgramFiles%\\Contoso\\mend.exe`. */
  path: z
    .string()
    .check(
      z.maxLength(260),
      z.refine(
        isProgramPath,
        'a program is a whole path that starts with a place and ends in .exe, and no interpreter',
      ),
    ),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits in lower case')),
});
export type AllowedProgram = z.infer<typeof allowedProgram>;

/** What scripts may run on a device. It is made by an admin of the device and lies on it; without one nothing runs. */
export const programPolicy = z.array(allowedProgram).check(z.maxLength(mostPrograms));

/** A program that a script runs. */
export interface ProgramOfScript extends AllowedProgram {
  readonly line: number;
}

/** The programs that a script runs, with the bytes that it pins. */
export const programsOf = (script: Script): readonly ProgramOfScript[] =>
  actionsOf(script).flatMap(action =>
    action.verb === 'run'
      ? [{ line: action.line, path: printPath(action.path), sha256: action.sha256 ?? '' }]
      : [],
  );

/** The first program of a script that a policy does not name; no policy names none. */
export const findForbiddenProgram = (
  programs: readonly ProgramOfScript[],
  policy: readonly AllowedProgram[] | undefined,
): ProgramOfScript | undefined =>
  programs.find(
    ({ path, sha256 }) =>
      !policy?.some(one => one.sha256 === sha256 && foldName(one.path) === foldName(path)),
  );

/** Whether a text is a path of a program as a script would name it. */
function isProgramPath(path: string): boolean {
  const report = new Report(`run ${quoteName(path)}`);
  const [action] = actionsOf(
    parseScript(report) ?? { guards: [], steps: [], proofs: [], closingComments: [] },
  );
  return (
    report.isClean &&
    action?.verb === 'run' &&
    printPath(action.path) === path &&
    isProgramName(action.path.name) &&
    !isInterpreter(action.path.name)
  );
}
