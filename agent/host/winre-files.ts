import { hexOf } from '../../shared/bytes/hex.ts';
import type { DirectoryEntry } from '../../shared/facts/volume-view.ts';
import { fileError } from './file-failure.ts';
import { type FileFailureCode, HostError, type HostFiles } from './host.ts';
import { type NativeCalls, type NativeEntry, windowsErrorOf } from './native-calls.ts';
import { compareNames, type ParsedPath, parsePath } from './windows-path.ts';

const attribute = { directory: 0x10, reparsePoint: 0x400 } as const;

/** The one kind of reparse point that is a plain file: contents that Windows keeps compressed elsewhere (WOF). */
const compressedFileTag = 0x80000017;

/** ERROR_INVALID_FUNCTION. */
const invalidFunction = 1;

/** Names of winerror.h. */
const codes: ReadonlyMap<number, FileFailureCode> = new Map([
  [2, 'not-found'],
  [3, 'not-found'],
  [5, 'access-denied'],
  [17, 'other-volume'],
  [19, 'access-denied'],
  [21, 'volume-missing'],
  [32, 'in-use'],
  [33, 'in-use'],
  [39, 'disk-full'],
  [80, 'already-exists'],
  [112, 'disk-full'],
  [123, 'path-invalid'],
  [145, 'not-empty'],
  [161, 'path-invalid'],
  [183, 'already-exists'],
  [206, 'path-invalid'],
  [267, 'not-a-directory'],
  [1005, 'volume-missing'],
  [0x80310000, 'volume-missing'],
]);

const longPath = (parsed: ParsedPath) => `\\\\?\\${textOf(parsed)}`;
const nativePath = (parsed: ParsedPath) => `\\??\\${textOf(parsed)}`;
const textOf = ({ drive, components }: ParsedPath) => `${drive}:\\${components.join('\\')}`;
const parentOf = ({ drive, components }: ParsedPath): ParsedPath => ({
  drive,
  components: components.slice(0, -1),
});

/** Files of Windows by the calls of the C host. */
export function createWinreFiles(native: NativeCalls): HostFiles {
  /** Files that were written, and directories whose names changed, since the last flush, per drive. */
  const written = new Map<string, Set<string>>();
  const renamedIn = new Map<string, Set<string>>();

  function requireVolume({ drive }: ParsedPath): void {
    const root = `${drive}:\\`;
    if (native.fileAttributes(`\\\\?\\${root}`) === undefined)
      throw fileError('volume-missing', `${root} cannot be read`);
  }

  /** The entry itself; undefined when it, or a directory above it, is absent or a link. */
  function findEntry(parsed: ParsedPath): DirectoryEntry | undefined {
    requireVolume(parsed);
    if (parsed.components.length === 0)
      return { name: `${parsed.drive}:`, kind: 'directory', sizeBytes: 0, writtenAtMs: 0 };
    if (!isPlainDirectory(parentOf(parsed))) return undefined;
    const entry = native.fileEntry(longPath(parsed));
    return entry && entryOf(entry);
  }

  /** Whether a path is a directory that is reached without a link. */
  function isPlainDirectory(parsed: ParsedPath): boolean {
    for (const depth of parsed.components.keys()) {
      const upTo = { ...parsed, components: parsed.components.slice(0, depth + 1) };
      const attributes = native.fileAttributes(longPath(upTo)) ?? 0;
      if ((attributes & attribute.directory) === 0) return false;
      if ((attributes & attribute.reparsePoint) !== 0) return false;
    }
    return true;
  }

  function getFile(parsed: ParsedPath): void {
    const entry = findEntry(parsed);
    if (entry === undefined) throw fileError('not-found', `${textOf(parsed)} is not there`);
    if (entry.kind !== 'file') throw fileError('not-a-file', `${textOf(parsed)} is no file`);
  }

  /** Makes sure that a new entry has a directory to stand in. */
  function requireParent(parsed: ParsedPath): void {
    requireVolume(parsed);
    if (parsed.components.length === 0) throw fileError('already-exists', `${textOf(parsed)} is there`);
    if (!isPlainDirectory(parentOf(parsed)))
      throw fileError('not-found', `${textOf(parsed)} has no directory`);
  }

  function requireSameVolume(source: ParsedPath, target: ParsedPath): void {
    if (source.drive !== target.drive)
      throw fileError('other-volume', `${textOf(target)} is on another volume than ${textOf(source)}`);
  }

  function rememberWrite(parsed: ParsedPath): void {
    add(written, parsed.drive, longPath(parsed));
    rememberName(parsed);
  }

  function rememberName(parsed: ParsedPath): void {
    add(renamedIn, parsed.drive, longPath(parentOf(parsed)));
  }

  /** Flushes the whole volume, or one by one what changed where the volume's driver cannot. */
  function flushNames(drive: string): void {
    try {
      native.fileFlush(`\\\\.\\${drive}:`);
    } catch (error) {
      if (windowsErrorOf(error) !== invalidFunction) throw error;
      for (const directory of renamedIn.get(drive) ?? [])
        if (native.fileAttributes(directory) !== undefined) native.fileFlush(directory);
    }
    renamedIn.delete(drive);
  }

  return sorted({
    find: path => findEntry(parsePath(path)),
    list(path) {
      const parsed = parsePath(path);
      requireVolume(parsed);
      if (!isPlainDirectory(parsed)) return undefined;
      const pattern = longPath({ ...parsed, components: [...parsed.components, '*'] });
      return native.directoryEntries(pattern).map(entryOf).sort(compareNames);
    },
    read(path, offset, lengthBytes) {
      const parsed = parsePath(path);
      getFile(parsed);
      return native.fileRead(longPath(parsed), offset, lengthBytes);
    },
    hash(path) {
      const parsed = parsePath(path);
      getFile(parsed);
      return hexOf(native.fileHash(longPath(parsed)));
    },
    create(path, bytes) {
      const parsed = parsePath(path);
      requireParent(parsed);
      native.fileCreate(longPath(parsed), bytes);
      rememberWrite(parsed);
    },
    append(path, bytes) {
      const parsed = parsePath(path);
      requireParent(parsed);
      if (findEntry(parsed) !== undefined) getFile(parsed);
      native.fileAppend(longPath(parsed), bytes);
      rememberWrite(parsed);
    },
    makeDirectory(path) {
      const parsed = parsePath(path);
      requireVolume(parsed);
      for (const depth of parsed.components.keys()) {
        const upTo = { ...parsed, components: parsed.components.slice(0, depth + 1) };
        const entry = findEntry(upTo);
        if (entry === undefined) {
          native.directoryCreate(longPath(upTo));
          rememberName(upTo);
        } else if (entry.kind !== 'directory')
          throw fileError('not-a-directory', `${textOf(upTo)} is no directory`);
      }
    },
    rename(from, to, { replace } = { replace: false }) {
      const [source, target] = [parsePath(from), parsePath(to)];
      requireSameVolume(source, target);
      getFile(source);
      requireParent(target);
      const taken = findEntry(target);
      if (taken !== undefined && taken.kind !== 'file') throw fileError('already-exists', `${to} is there`);
      native.fileRename(longPath(source), longPath(target), replace);
      rememberName(source);
      rememberName(target);
    },
    link(from, to) {
      const [source, target] = [parsePath(from), parsePath(to)];
      requireSameVolume(source, target);
      getFile(source);
      requireParent(target);
      native.fileLink(longPath(source), nativePath(target));
      rememberName(target);
    },
    remove(path) {
      const parsed = parsePath(path);
      if (findEntry(parsed) === undefined) throw fileError('not-found', `${path} is not there`);
      native.fileRemove(longPath(parsed));
      rememberName(parsed);
    },
    freeBytes(path) {
      const { windowsError, freeBytes } = native.volume(`${parsePath(path).drive}:\\`);
      return windowsError === 0 ? freeBytes : undefined;
    },
    flush(path) {
      const parsed = parsePath(path);
      requireVolume(parsed);
      // Contents before names, so that no name ever points at contents that are not there yet.
      for (const file of written.get(parsed.drive) ?? [])
        if (native.fileAttributes(file) !== undefined) native.fileFlush(file);
      written.delete(parsed.drive);
      flushNames(parsed.drive);
    },
  });
}

const add = (sets: Map<string, Set<string>>, drive: string, path: string) =>
  sets.set(drive, (sets.get(drive) ?? new Set()).add(path));

function entryOf({ name, attributes, reparseTag, sizeBytes, writtenAtMs }: NativeEntry): DirectoryEntry {
  const isLink = (attributes & attribute.reparsePoint) !== 0 && reparseTag !== compressedFileTag;
  const isDirectory = (attributes & attribute.directory) !== 0;
  const kind = isLink ? 'link' : isDirectory ? 'directory' : 'file';
  return { name, kind, sizeBytes: kind === 'file' ? sizeBytes : 0, writtenAtMs };
}

/** Turns error codes of Windows into the host's own. */
function sorted(files: HostFiles): HostFiles {
  const guard =
    <Parameters extends unknown[], Result>(call: (...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result => {
      try {
        return call(...parameters);
      } catch (error) {
        const code = error instanceof HostError ? undefined : windowsErrorOf(error);
        if (code === undefined || !(error instanceof Error)) throw error;
        throw fileError(
          codes.get(code) ?? 'input-output',
          `${String(parameters[0])}: ${error.message}`,
          error,
        );
      }
    };
  return {
    find: guard(files.find),
    list: guard(files.list),
    read: guard(files.read),
    hash: guard(files.hash),
    create: guard(files.create),
    append: guard(files.append),
    makeDirectory: guard(files.makeDirectory),
    rename: guard(files.rename),
    link: guard(files.link),
    remove: guard(files.remove),
    freeBytes: guard(files.freeBytes),
    flush: guard(files.flush),
  };
}
