import { hasWildcard } from '../../facts/glob.ts';
import type { Cursor } from '../cursor.ts';
import { includingWindows } from '../files-of-windows.ts';
import { printPath, printTraits, sayTraits, sayWindows } from '../phrases.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath } from '../read-path.ts';
import { findInDriverStore, findInQuarantine, findNamedSource } from '../restore-source.ts';
import type { RestoreAction, RestoreSource } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';
import { absoluteOf, planCopy, proveCopy } from './copy.ts';

export const restoreFile: ActionDefinition<RestoreAction> = {
  verb: 'restore',
  form: 'restore PATH from (driver store|quarantine|PATH)',
  example: String.raw`restore %SystemRoot%\System32\drivers\cntflt.sys from driver store, version below 4.2`,
  class: 'reversible',
  meaning:
    'brings back a file as a package of the driver store has it, as an earlier attempt on this machine moved it away, or as another file of the same build is',
  clauses: ['version', 'size', 'sha256', includingWindows],
  undo: 'the copy goes away, and the file that it replaced returns from quarantine, byte for byte',
  verify: 'the file has the content of the one it was restored from',
  traps: [
    'Driver store: where packages differ the clauses must leave one; two different files of one name refuse the plan. Only the file comes back: the registry still says which package the device uses.',
    'Quarantine: the newest file that a journal of this machine names for the path, unless the clauses say which. An undo of the earlier attempt finds its place taken afterwards.',
    'A named file is taken when its version resource has the name of the file it becomes, the architecture of this Windows, and the version family of this Windows or of the file it replaces; else only when `sha256` names its bytes.',
    'What is damaged in System32 is damaged in the component store too, since they are one file: name the folder of another revision. Folders `f`, `r` and `n` there hold differences, not files, and refuse the plan.',
  ],
  source:
    'Microsoft: driver store, how Windows keeps driver packages in FileRepository; the rule for named files is our own',
  windows: 'Windows 7 and later',
  changes: 'files',
  read(cursor) {
    const path = readFilePath(cursor);
    const from = cursor.expect('from') ? readRestoreSource(cursor) : undefined;
    const clauses = from && readClauses(cursor, this.clauses, 'required');
    const wild = [path, from].find(one => typeof one === 'object' && hasWildcard(one.name));
    if (typeof wild === 'object') {
      const why = 'A file comes back under its own name. Expected: the name of one file, without wildcard.';
      cursor.add('wildcard-not-allowed', wild.span, why);
      return undefined;
    }
    if (!path || !clauses) return undefined;
    const { traits, said } = clauses;
    return { verb: 'restore', path, from, traits, includingWindows: said.has(includingWindows) };
  },
  print: ({ path, from, traits, includingWindows: isIncluding }) =>
    [
      `restore ${quoteName(printPath(path))} from ${typeof from === 'object' ? quoteName(printPath(from)) : from}`,
      ...printTraits(traits),
      ...(isIncluding ? [includingWindows] : []),
    ].join(', '),
  explain: ({ path, from, traits, ...words }) =>
    `Brings ${printPath(path)} back from ${saySource(from)}${sayTraits(traits)}${sayWindows(words)}.`,
  plan({ path, from, traits }, ahead) {
    const { volume } = ahead;
    const target = absoluteOf(volume, path);
    const source =
      from === 'driver store'
        ? findInDriverStore(volume, path.name, traits)
        : from === 'quarantine'
          ? findInQuarantine(volume, target, traits)
          : findNamedSource(volume, from, { name: path.name, path: target }, traits);
    if (source === undefined) return [];
    if ('code' in source) return source;
    const change = planCopy(source, path, true, ahead);
    return 'code' in change ? change : [change];
  },
  prove({ path, from }, { volume, changes }) {
    const change = changes.find(one => one.kind === 'copy');
    if (change) return proveCopy(volume, path, change, `the file of ${saySource(from)}`);
    return volume.find(absoluteOf(volume, path))?.kind === 'file'
      ? { verdict: 'held', reason: `${printPath(path)} is there.` }
      : { verdict: 'failed', reason: `${printPath(path)} is not there.` };
  },
};

function readRestoreSource(cursor: Cursor): RestoreSource | undefined {
  const next = cursor.peek();
  if (next && (next.kind === 'text' || /[%\\/:]/.test(next.value))) return readFilePath(cursor);
  const word = cursor.expectOneOf(['driver', 'quarantine']);
  if (word !== 'driver') return word;
  return cursor.expect('store') ? 'driver store' : undefined;
}

function saySource(from: RestoreSource): string {
  if (typeof from === 'object') return printPath(from);
  return from === 'driver store' ? 'the driver store' : 'quarantine';
}
