import { hasWildcard } from '../../facts/glob.ts';
import { pathOfPlace } from '../../facts/place.ts';
import { readFileVersion } from '../../portable-executable/portable-executable.ts';
import { pagedSource } from '../../bytes/paged-source.ts';
import { compareVersions } from '../../facts/version.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import { isInExtent } from '../extent.ts';
import { printPath, printTraits, sayTraits } from '../phrases.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath } from '../read-path.ts';
import { refuse, type Refusal, type ResolvedFile } from '../resolve-files.ts';
import type { FileTraits, RestoreAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';
import { planCopy } from './copy.ts';

/** Real driver stores hold some 4,000 packages. */
const mostPackages = 20_000;

export const restoreFile: ActionDefinition<RestoreAction> = {
  verb: 'restore',
  form: 'restore PATH from driver store',
  example: String.raw`restore %SystemRoot%\System32\drivers\cntflt.sys from driver store, version below 4.2`,
  class: 'reversible',
  meaning: 'brings back a file as one of the packages of the driver store has it',
  clauses: ['version', 'size', 'sha256'],
  undo: 'the copy goes away, and the file that it replaced returns from quarantine, byte for byte',
  verify: 'the file has the size of the one in the driver store',
  traps: [
    'Where packages differ the clauses must leave one: two different files of one name refuse the plan.',
    'Only the file comes back. The registry still says which package the device uses.',
    'The component store is no source: what is damaged in System32 is damaged there too, since they are one file.',
  ],
  source: 'Microsoft: driver store; how Windows keeps driver packages in FileRepository',
  windows: 'Windows 7 and later',
  changes: 'files',
  read(cursor) {
    const path = readFilePath(cursor);
    if (path && hasWildcard(path.name)) {
      const why = 'A file comes back under its own name. Expected: the name of one file, without wildcard.';
      cursor.add('wildcard-not-allowed', path.span, why);
      return undefined;
    }
    const isSaid = cursor.expect('from') && cursor.expect('driver') && cursor.expect('store');
    const clauses = isSaid ? readClauses(cursor, this.clauses, 'required') : undefined;
    return path && clauses && { verb: 'restore', path, traits: clauses.traits };
  },
  print: ({ path, traits }) =>
    [`restore ${quoteName(printPath(path))} from driver store`, ...printTraits(traits)].join(', '),
  explain: ({ path, traits }) => `Brings ${printPath(path)} back from the driver store${sayTraits(traits)}.`,
  plan({ path, traits }, ahead) {
    const source = findInStore(ahead.volume, path.name, traits);
    if (source === undefined) return [];
    if ('code' in source) return source;
    const change = planCopy(source, path, true, ahead);
    return 'code' in change ? change : [change];
  },
  prove({ path }, { volume, changes }) {
    const change = changes.find(one => one.kind === 'copy');
    const entry = volume.find([pathOfPlace(volume, path.place), ...path.folders, path.name].join('\\'));
    return entry?.kind === 'file' && (change === undefined || entry.sizeBytes === change.copiedBytes)
      ? { verdict: 'held', reason: `${printPath(path)} is there with ${entry.sizeBytes} bytes.` }
      : { verdict: 'failed', reason: `${printPath(path)} is not the file of the driver store.` };
  },
};

/** The one file of this name in the packages of the driver store, or why there is not just one. */
function findInStore(
  volume: VolumeView,
  name: string,
  traits: FileTraits,
): ResolvedFile | Refusal | undefined {
  const repository = `${volume.windowsDirectory}\\System32\\DriverStore\\FileRepository`;
  const packages = volume.list(repository);
  if (!packages) return refuse('unreadable-folder', `The driver store ${repository} cannot be listed.`);
  if (packages.length > mostPackages)
    return refuse('unreadable-folder', 'The driver store holds more packages than can be looked through.');
  const found = packages.flatMap(({ name: folder, kind }): ResolvedFile[] => {
    const path = `${repository}\\${folder}\\${name}`;
    const entry = kind === 'directory' ? volume.find(path) : undefined;
    if (entry?.kind !== 'file' || !fits(volume, path, entry.sizeBytes, traits)) return [];
    return [{ path, sizeBytes: entry.sizeBytes, writtenAtMs: entry.writtenAtMs }];
  });
  const [first, ...others] = found;
  if (!first) return undefined;
  const hash = volume.hash?.(first.path);
  const different = others.find(one => hash === undefined || volume.hash?.(one.path) !== hash);
  return different
    ? refuse('several-sources', `${first.path} and ${different.path} are not known to be the same file.`)
    : first;
}

function fits(volume: VolumeView, path: string, sizeBytes: number, traits: FileTraits): boolean {
  if (traits.sizeBytes && !isInExtent(traits.sizeBytes, sizeBytes, (a, b) => a - b)) return false;
  if (traits.sha256 !== undefined && volume.hash?.(path) !== traits.sha256) return false;
  if (!traits.version) return true;
  const source = volume.open(path);
  const version = source && readFileVersion(pagedSource(source));
  return version !== undefined && isInExtent(traits.version, version, compareVersions);
}
