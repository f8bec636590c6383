import { pagedSource } from '../../bytes/paged-source.ts';
import { foldName, hasWildcard } from '../../facts/glob.ts';
import { pathOfPlace, places } from '../../facts/place.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import { readPortableExecutable } from '../../portable-executable/portable-executable.ts';
import { isInterpreter } from '../interpreters.ts';
import { printFolder, printPath } from '../phrases.ts';
import { clipReason } from '../plan.ts';
import { findProtection, isSecretPlace } from '../protected-places.ts';
import { printArguments, readArguments, reportCommandText } from '../read-arguments.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath } from '../read-path.ts';
import { refuse, type Refusal, type ResolvedFile, resolveFiles } from '../resolve-files.ts';
import type { RunAction } from '../syntax-tree.ts';
import { changeByTool } from '../tool-change.ts';
import type { ActionDefinition } from './action-definition.ts';

/** It is copied before it runs, so that what was looked at is what runs. */
const mostBytes = 64 * 1024 * 1024;

export const runProgram: ActionDefinition<RunAction> = {
  verb: 'run',
  form: 'run PATH [with "…"], sha256 HASH, at most N minutes, accepting no undo',
  example: String.raw`run %ProgramFiles%\Contoso\repair.exe with "/offline" "%SystemDrive%\", sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, at most 5 minutes, accepting no undo`,
  class: 'one-way',
  meaning:
    'runs one program of the Windows volume that the policy of the device allows, by its hash and an array of arguments',
  clauses: ['sha256', 'at most minutes', 'succeeds on', 'accepting no undo'],
  undo: 'none: what a program changes is its own affair; hives and boot options are saved before',
  verify:
    'the program ends in time with a code that the line names, 0 without one; say what else must be true with verify',
  isProvenByTool: true,
  traps: [
    'Refused whole on every device whose policy does not allow exactly this path with exactly this hash.',
    'It runs in the recovery environment: no .NET, no services, no 32-bit programs, no user, nobody who presses OK.',
    'It runs from a folder of its own with nothing beside it: libraries of its vendor are not found there.',
    'It must not restart the machine; a program that hangs is ended with all that it started, and a person must look.',
  ],
  source: 'Microsoft: WinPE, create apps; applications that can bypass App Control',
  windows:
    'Windows 7 and later; a program for the architecture of the Windows that needs nothing but Windows itself',
  changes: 'windows',
  read(cursor) {
    if (reportCommandText(cursor)) return undefined;
    const path = readFilePath(cursor);
    const isOne = path && !hasWildcard(path.name);
    if (path && !isOne)
      cursor.add(
        'wildcard-not-allowed',
        path.span,
        'One program runs. Expected: the name of one file, without wildcard.',
      );
    if (!path && !cursor.peek()) return undefined;
    const given = readArguments(cursor);
    const clauses = readClauses(cursor, this.clauses, 'required');
    if (!isOne || !given || !clauses) return undefined;
    const { traits, minutes, succeedsOn, said } = clauses;
    return {
      verb: 'run',
      path,
      arguments: given,
      ...(traits.sha256 !== undefined && { sha256: traits.sha256 }),
      ...(minutes !== undefined && { minutes }),
      ...(succeedsOn && { succeedsOn }),
      acceptingNoUndo: said.has('accepting no undo'),
    };
  },
  print({ path, arguments: given, sha256, minutes, succeedsOn, acceptingNoUndo }) {
    const words = given.length === 0 ? '' : ` ${printArguments(given)}`;
    return [
      `run ${quoteName(printPath(path))}${words}`,
      ...(sha256 === undefined ? [] : [`sha256 ${sha256}`]),
      ...(minutes === undefined ? [] : [`at most ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`]),
      ...(succeedsOn ? [`succeeds on ${succeedsOn.join(' or ')}`] : []),
      ...(acceptingNoUndo ? ['accepting no undo'] : []),
    ].join(', ');
  },
  explain({ path, arguments: given, sha256 = '', minutes = 0, succeedsOn = [0] }) {
    const words =
      given.length === 0
        ? 'without arguments'
        : `with ${given.length === 1 ? 'the argument' : 'the arguments'} ${given.map(one => `"${one}"`).join(' ')}`;
    return `Runs the program ${path.name} of ${printFolder(path)}, as SYSTEM, ${words}, where the policy of the device allows it and its SHA-256 is ${sha256}. It is ended after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, and has succeeded when it ends with ${succeedsOn.join(' or ')}. What it changes cannot be undone.`;
  },
  plan(action, { volume, vacated, filled }) {
    const { arguments: given, sha256, minutes, succeedsOn = [0] } = action;
    if (sha256 === undefined || minutes === undefined)
      return refuse('unknown-hash', 'The line pins no program.');
    const file = findProgram(volume, action, sha256);
    if ('code' in file) return file;
    if (vacated.has(foldName(file.path)) || filled.has(foldName(file.path)))
      return refuse('changed-twice', `${file.path} is changed by an earlier line already.`);
    const run = {
      tool: 'program',
      path: file.path,
      sha256,
      sizeBytes: file.sizeBytes,
      arguments: given.map(one => expandPlaces(volume, one)),
      timeoutMinutes: minutes,
      succeedsOn,
    } as const;
    const what = clipReason(['run', file.path, ...run.arguments.map(one => `"${one}"`)].join(' '));
    return [changeByTool(volume, { class: 'one-way', proof: 'tool', run, what })];
  },
  // What a program is for, nobody but its vendor knows: its word is all there is, and the lines that verify.
  prove: ({ path }) => ({ verdict: 'held', reason: `${path.name} said that it succeeded.` }),
};

/** The program on the volume, or why what lies there does not run. */
function findProgram(volume: VolumeView, { path }: RunAction, sha256: string): ResolvedFile | Refusal {
  const found = resolveFiles(volume, path, {});
  if (found.kind === 'refused') return found;
  const [file] = found.files;
  if (!file) return refuse('program-missing', `${printPath(path)} is not on this machine.`);
  const what = findProtection(volume, file.path);
  if (isSecretPlace(what)) return refuse('protected-place', `${file.path} belongs to ${what}.`);
  if (file.sizeBytes > mostBytes)
    return refuse('not-a-program', `${file.path} is larger than ${mostBytes / 1024 ** 2} MB.`);
  const hash = volume.hash?.(file.path);
  if (hash === undefined) return refuse('unknown-hash', `The hash of ${file.path} is not known.`);
  if (hash !== sha256)
    return refuse('program-changed', `${file.path} is another program: its SHA-256 is ${hash}.`);
  // Recorded facts hold no contents; the machine itself looks.
  return (volume.knowsAll ? undefined : findUnfit(volume, file.path)) ?? file;
}

/** Why a file cannot be started here, whatever its name; undefined when nothing speaks against it. */
function findUnfit(volume: VolumeView, path: string): Refusal | undefined {
  const [image, kernel] = [
    imageOf(volume, path),
    imageOf(volume, `${volume.windowsDirectory}\\System32\\ntoskrnl.exe`),
  ];
  if (!image || image.problems.length > 0)
    return refuse('not-a-program', `${path} is no whole program of Windows.`);
  // WinRE has no 32-bit half, and a program of another architecture does not start.
  if (kernel && image.architecture !== kernel.architecture)
    return refuse(
      'not-a-program',
      `${path} is made for ${image.architecture}, and this Windows is ${kernel.architecture}.`,
    );
  return image.originalName !== null && isInterpreter(image.originalName)
    ? refuse(
        'interpreter',
        `${path} was built as ${image.originalName}, which runs whatever its arguments say.`,
      )
    : undefined;
}

function imageOf(volume: VolumeView, path: string) {
  const source = volume.open(path);
  const read = source && readPortableExecutable(pagedSource(source));
  return read?.ok ? read.image : undefined;
}

/** An argument with its places as they are on this volume. */
const expandPlaces = (volume: VolumeView, argument: string): string =>
  places.reduce(
    (text, place) => text.replaceAll(new RegExp(place, 'gi'), () => pathOfPlace(volume, place)),
    argument,
  );
