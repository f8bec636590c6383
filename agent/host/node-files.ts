import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { foldName } from '../../shared/facts/glob.ts';
import type { DirectoryEntry, EntryKind } from '../../shared/facts/volume-view.ts';
import { fileError } from './file-failure.ts';
import { type FileFailureCode, HostError, type HostFiles } from './host.ts';
import { compareNames, type ParsedPath, parsePath } from './windows-path.ts';

const codes: Readonly<Record<string, FileFailureCode>> = {
  ENOENT: 'not-found',
  EEXIST: 'already-exists',
  EISDIR: 'not-a-file',
  ENOTDIR: 'not-a-directory',
  ENOTEMPTY: 'not-empty',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EXDEV: 'other-volume',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EROFS: 'access-denied',
  EBUSY: 'in-use',
  ETXTBSY: 'in-use',
};

/** Files of drives that are folders of this machine, found without regard to case as Windows does. */
export function createNodeFiles(drives: Readonly<Record<string, string>>): HostFiles {
  /** Real paths of files and directories changed since the last flush, per drive. */
  const changed = new Map<string, Set<string>>();

  function getFolder(drive: string): string {
    const folder = drives[drive];
    if (folder === undefined) throw fileError('volume-missing', `${drive}: cannot be read`);
    return folder;
  }

  /** The real path of an entry; undefined when it, or a directory above it, is absent or a link. */
  function findReal({ drive, components }: ParsedPath): string | undefined {
    let real = getFolder(drive);
    for (const name of components) {
      if (!fs.lstatSync(real).isDirectory()) return undefined;
      const found = findName(real, name);
      if (found === undefined) return undefined;
      real = path.join(real, found);
    }
    return real;
  }

  function getReal(parsed: ParsedPath): string {
    const real = findReal(parsed);
    if (real === undefined) throw fileError('not-found', `${textOf(parsed)} is not there`);
    return real;
  }

  function getRealFile(parsed: ParsedPath): string {
    const real = getReal(parsed);
    if (!fs.lstatSync(real).isFile()) throw fileError('not-a-file', `${textOf(parsed)} is no file`);
    return real;
  }

  /** The real path a new entry gets, in a directory that exists. */
  function placeForNew(parsed: ParsedPath): string {
    const parent = getReal({ ...parsed, components: parsed.components.slice(0, -1) });
    if (!fs.lstatSync(parent).isDirectory())
      throw fileError('not-found', `${textOf(parsed)} has no directory`);
    if (findReal(parsed) !== undefined) throw fileError('already-exists', `${textOf(parsed)} is there`);
    return path.join(parent, parsed.components.at(-1) ?? '');
  }

  function remember({ drive }: ParsedPath, ...reals: readonly string[]): void {
    const known = changed.get(drive) ?? new Set();
    for (const real of reals) known.add(real).add(path.dirname(real));
    changed.set(drive, known);
  }

  function write(real: string, bytes: Uint8Array, flag: 'wx' | 'a'): void {
    const file = fs.openSync(real, flag, 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at);
    } finally {
      fs.closeSync(file);
    }
  }

  return sorted({
    find(name) {
      const real = findReal(parsePath(name));
      return real === undefined ? undefined : entryOf(real);
    },
    list(name) {
      const real = findReal(parsePath(name));
      if (real === undefined || !fs.lstatSync(real).isDirectory()) return undefined;
      return fs
        .readdirSync(real)
        .map(one => entryOf(path.join(real, one)))
        .sort(compareNames);
    },
    read(name, offset, lengthBytes) {
      const file = fs.openSync(getRealFile(parsePath(name)), 'r');
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(lengthBytes, fs.fstatSync(file).size - offset)));
        let at = 0;
        while (at < bytes.length) {
          const read = fs.readSync(file, bytes, at, bytes.length - at, offset + at);
          if (read === 0) break;
          at += read;
        }
        return bytes.subarray(0, at);
      } finally {
        fs.closeSync(file);
      }
    },
    hash(name) {
      const file = fs.openSync(getRealFile(parsePath(name)), 'r');
      try {
        const [digest, piece] = [createHash('sha256'), new Uint8Array(1 << 20)];
        for (let read = 1; read > 0;) {
          read = fs.readSync(file, piece);
          digest.update(piece.subarray(0, read));
        }
        return digest.digest('hex');
      } finally {
        fs.closeSync(file);
      }
    },
    create(name, bytes) {
      const parsed = parsePath(name);
      const real = placeForNew(parsed);
      write(real, bytes, 'wx');
      remember(parsed, real);
    },
    append(name, bytes) {
      const parsed = parsePath(name);
      const real = findReal(parsed) === undefined ? placeForNew(parsed) : getRealFile(parsed);
      write(real, bytes, 'a');
      remember(parsed, real);
    },
    makeDirectory(name) {
      const parsed = parsePath(name);
      for (const at of parsed.components.keys()) {
        const parent = { ...parsed, components: parsed.components.slice(0, at + 1) };
        const real = findReal(parent);
        if (real !== undefined) {
          if (!fs.lstatSync(real).isDirectory())
            throw fileError('not-a-directory', `${textOf(parent)} is no directory`);
          continue;
        }
        const place = placeForNew(parent);
        fs.mkdirSync(place, 0o700);
        remember(parent, place);
      }
    },
    rename(from, to, { replace } = { replace: false }) {
      const [source, target] = [parsePath(from), parsePath(to)];
      if (source.drive !== target.drive)
        throw fileError('other-volume', `${to} is on another volume than ${from}`);
      const real = getRealFile(source);
      const taken = findReal(target);
      if (taken !== undefined && taken !== real && !(replace && fs.lstatSync(taken).isFile()))
        throw fileError('already-exists', `${to} is there`);
      const parent = taken === undefined ? path.dirname(placeForNew(target)) : path.dirname(taken);
      const place = path.join(
        parent,
        taken !== undefined && taken !== real ? path.basename(taken) : nameOf(target),
      );
      fs.renameSync(real, place);
      remember(source, place);
      remember(source, real);
    },
    link(from, to) {
      const [source, target] = [parsePath(from), parsePath(to)];
      if (source.drive !== target.drive)
        throw fileError('other-volume', `${to} is on another volume than ${from}`);
      const real = getRealFile(source);
      const place = placeForNew(target);
      fs.linkSync(real, place);
      remember(target, place);
    },
    remove(name) {
      const parsed = parsePath(name);
      const real = getReal(parsed);
      if (fs.lstatSync(real).isDirectory()) fs.rmdirSync(real);
      else fs.unlinkSync(real);
      remember(parsed, real);
    },
    freeBytes(name) {
      const { bavail, bsize } = fs.statfsSync(getFolder(parsePath(name).drive));
      return bavail * bsize;
    },
    flush(name) {
      const { drive } = parsePath(name);
      getFolder(drive);
      // Contents before names, so that no name ever points at contents that are not there yet.
      const reals = [...(changed.get(drive) ?? [])].filter(real => fs.existsSync(real));
      const isDirectory = (real: string) => fs.lstatSync(real).isDirectory();
      for (const real of [...reals.filter(one => !isDirectory(one)), ...reals.filter(isDirectory)])
        synchronize(real);
      changed.delete(drive);
    },
  });
}

/** Windows finds a name without regard to case; where this machine holds two such names, the exact one wins. */
function findName(folder: string, name: string): string | undefined {
  const names = fs.readdirSync(folder);
  return names.includes(name) ? name : names.find(one => foldName(one) === foldName(name));
}

function entryOf(real: string): DirectoryEntry {
  const stat = fs.lstatSync(real);
  const kind: EntryKind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'directory' : 'file';
  const sizeBytes = kind === 'file' ? stat.size : 0;
  return { name: path.basename(real), kind, sizeBytes, writtenAtMs: Math.floor(stat.mtimeMs) };
}

function synchronize(real: string): void {
  // Windows lets nobody flush a directory; NTFS orders names by itself.
  if (process.platform === 'win32' && fs.lstatSync(real).isDirectory()) return;
  const file = fs.openSync(real, 'r');
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

const nameOf = ({ components }: ParsedPath) => components.at(-1) ?? '';
const textOf = ({ drive, components }: ParsedPath) => `${drive}:\\${components.join('\\')}`;

/** Turns errors of Node into the host's own. */
function sorted(files: HostFiles): HostFiles {
  const guard =
    <Parameters extends unknown[], Result>(call: (...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result => {
      try {
        return call(...parameters);
      } catch (error) {
        if (error instanceof HostError || !(error instanceof Error && 'code' in error)) throw error;
        throw fileError(codes[String(error.code)] ?? 'input-output', error.message, error);
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
