import { foldName, hasWildcard } from '../../facts/glob.ts';
import { includingWindows } from '../files-of-windows.ts';
import { printFolder, printPath, printTraits, sayTraits, sayWindows } from '../phrases.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath } from '../read-path.ts';
import { refuse, type ResolvedFile, resolveFiles } from '../resolve-files.ts';
import type { DeleteAction } from '../syntax-tree.ts';
import { printCount, printSize, sizeUnits } from '../units.ts';
import type { ActionDefinition } from './action-definition.ts';

/** How many files a wildcard means when the line does not say. */
const filesOfWildcard = 16;

const maxFilesOf = ({ limits, path }: DeleteAction): number =>
  limits.files ?? (hasWildcard(path.name) ? filesOfWildcard : 1);

export const deleteFiles: ActionDefinition<DeleteAction> = {
  verb: 'delete',
  form: 'delete PATH',
  example: String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys, written from 2024-07-19 04:09 UTC, at most 4 files`,
  class: 'reversible',
  meaning: 'takes files out of their folder into quarantine on the same volume',
  clauses: ['written', 'size', 'version', 'sha256', 'at most files', 'at most MB', includingWindows],
  undo: 'the files return from quarantine under their names, with contents, times and access list',
  verify: 'no file fits the line any more',
  traps: [
    'Never a copy and never a write in place: files in System32 are hard links into the component store.',
    'Without a limit a name means 1 file and a wildcard at most 16; more refuses the whole plan.',
    'Links and folders never match a wildcard.',
  ],
  source: 'CrowdStrike and Microsoft recovery guidance, July 2024',
  windows: 'Windows 7 and later',
  changes: 'files',
  read(cursor, inside) {
    const path = readFilePath(cursor, inside);
    const clauses = readClauses(cursor, this.clauses, 'required');
    if (!path || !clauses) return undefined;
    const { traits, limits, said } = clauses;
    return { verb: 'delete', path, traits, limits, includingWindows: said.has(includingWindows) };
  },
  print({ path, traits, limits, includingWindows: isIncluding }, inside) {
    const clauses = [...printTraits(traits)];
    if (limits.files !== undefined) clauses.push(`at most ${printCount(limits.files)}`);
    if (limits.bytes !== undefined) clauses.push(`at most ${limits.bytes / sizeUnits.MB} MB`);
    if (isIncluding) clauses.push(includingWindows);
    return [`delete ${quoteName(printPath(path, inside))}`, ...clauses].join(', ');
  },
  explain(action) {
    const { path, traits, limits } = action;
    const folder = printFolder(path);
    const what = hasWildcard(path.name)
      ? `Deletes up to ${printCount(maxFilesOf(action))} named ${path.name} in ${folder}`
      : `Deletes the file ${path.name} in ${folder}`;
    const together = limits.bytes === undefined ? '' : `, together at most ${printSize(limits.bytes)}`;
    return `${what}${sayTraits(traits)}${together}${sayWindows(action)}.`;
  },
  plan(action, { volume }) {
    const found = resolveFiles(volume, action.path, action.traits);
    if (found.kind === 'refused') return found;
    const { files } = found;
    const [maxFiles, maxBytes] = [maxFilesOf(action), action.limits.bytes ?? Infinity];
    const where = `${action.path.name} in ${printFolder(action.path)}`;
    if (files.length > maxFiles)
      return refuse(
        'too-many-files',
        `${printCount(files.length)} fit ${where}, and the line allows ${maxFiles}.`,
      );
    const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    if (bytes > maxBytes)
      return refuse(
        'too-many-bytes',
        `The files that fit ${where} have ${bytes} bytes, and the line allows ${maxBytes}.`,
      );
    return files.map(file => ({ kind: 'delete' as const, ...file }));
  },
  prove({ path, traits }, { volume, filledLater, changes }) {
    const found = resolveFiles(volume, path, traits);
    if (found.kind === 'refused') return { verdict: 'unknown', reason: found.reason };
    if (found.files.length === 0 && !found.isWhole)
      return {
        verdict: 'unknown',
        reason: `Whether more files fit ${path.name} in ${printFolder(path)} is not known.`,
      };
    // A name that a later step gave to another file is free of this one unless it is the very file that was planned.
    const isPlanned = (file: ResolvedFile) =>
      changes.some(
        change =>
          foldName(change.path) === foldName(file.path) &&
          change.sizeBytes === file.sizeBytes &&
          change.writtenAtMs === file.writtenAtMs,
      );
    const left = found.files.find(file => !filledLater.has(foldName(file.path)) || isPlanned(file));
    return left
      ? { verdict: 'failed', reason: `${left.path} is still there.` }
      : { verdict: 'held', reason: `No file fits ${path.name} in ${printFolder(path)} any more.` };
  },
};
