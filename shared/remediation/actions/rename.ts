import { foldName, hasWildcard } from '../../facts/glob.ts';
import { includingWindows } from '../files-of-windows.ts';
import { printFolder, printPath, printTraits, sayTraits, sayWindows } from '../phrases.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath, readNewName } from '../read-path.ts';
import { refuse, resolveFiles } from '../resolve-files.ts';
import type { RenameAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const renameFile: ActionDefinition<RenameAction> = {
  verb: 'rename',
  form: 'rename PATH to NAME',
  example: String.raw`rename %SystemRoot%\System32\drivers\contoso.sys to contoso.sys.off`,
  class: 'reversible',
  meaning: 'gives one file a new name in its folder',
  clauses: ['written', 'size', 'version', 'sha256', includingWindows],
  undo: 'the file gets its old name back',
  verify: 'the old name is gone and the new one is the file that was renamed',
  traps: [
    'A boot-start driver that is still registered and missing stops Windows with 0x7B.',
    'A new name that is taken refuses the whole plan; nothing is ever overwritten.',
  ],
  source: 'Microsoft: advanced troubleshooting for Windows boot problems',
  windows: 'Windows 7 and later',
  changes: 'files',
  read(cursor, inside) {
    const path = readFilePath(cursor, inside);
    const isOne = path && !hasWildcard(path.name);
    if (path && !isOne)
      cursor.add(
        'wildcard-not-allowed',
        path.span,
        'Two files cannot get one name. Expected: the name of one file, without wildcard.',
      );
    if (!cursor.peek() && !path) return undefined;
    const toName = cursor.expect('to') ? readNewName(cursor) : undefined;
    if (toName === undefined) return undefined;
    const clauses = readClauses(cursor, this.clauses, 'required');
    if (!isOne || !clauses) return undefined;
    const { traits, said } = clauses;
    return { verb: 'rename', path, toName, traits, includingWindows: said.has(includingWindows) };
  },
  print({ path, toName, traits, includingWindows: isIncluding }, inside) {
    const start = `rename ${quoteName(printPath(path, inside))} to ${quoteName(toName)}`;
    return [start, ...printTraits(traits), ...(isIncluding ? [includingWindows] : [])].join(', ');
  },
  explain: ({ path, toName, traits, ...words }) =>
    `Renames the file ${path.name} in ${printFolder(path)}${sayTraits(traits)}${Object.keys(traits).length > 0 ? ',' : ''} to ${toName}${sayWindows(words)}.`,
  plan({ path, toName, traits }, { volume, vacated, filled }) {
    const found = resolveFiles(volume, path, traits);
    if (found.kind === 'refused') return found;
    const [file] = found.files;
    if (!file) return [];
    const toPath = siblingOf(file.path, toName);
    const isTaken = volume.find(toPath) !== undefined && !vacated.has(foldName(toPath));
    if (isTaken || filled.has(foldName(toPath)))
      return refuse('target-exists', `${toPath} exists already, and nothing is overwritten.`);
    return [{ kind: 'rename', ...file, toPath }];
  },
  prove({ path, traits }, { volume, filledLater, changes }) {
    const found = resolveFiles(volume, path, traits);
    if (found.kind === 'refused') return { verdict: 'unknown', reason: found.reason };
    const left = found.files.find(file => !filledLater.has(foldName(file.path)));
    if (left) return { verdict: 'failed', reason: `${left.path} still has its old name.` };
    const missing = changes.find(({ toPath = '', sizeBytes, writtenAtMs }) => {
      const entry = volume.find(toPath);
      return entry?.kind !== 'file' || entry.sizeBytes !== sizeBytes || entry.writtenAtMs !== writtenAtMs;
    });
    return missing
      ? { verdict: 'failed', reason: `${missing.toPath} is not the file that was renamed.` }
      : { verdict: 'held', reason: `No file ${path.name} is in ${printFolder(path)} any more.` };
  },
};

const siblingOf = (path: string, name: string) => `${path.slice(0, path.lastIndexOf('\\') + 1)}${name}`;
