import type { Host } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import type { CopyIntent } from './journal.ts';
import { joinPath } from './windows-path.ts';

/** Why a copy was not made, or not taken back. */
export interface CopyProblem {
  readonly code: 'copy-check-failed' | 'copy-used-since' | 'file-missing' | 'not-the-same-file';
  readonly message: string;
}

const pieceBytes = 1024 * 1024;

/** Where a copy is written before it gets its name: beside it, so that it inherits the same access list. */
const freshPathOf = (path: string): string => `${path}.bootmend`;

/**
 * Puts a copy in its place: a new file, written in pieces, hashed and durable before it gets its name. A file that it
 * replaces has a second name in quarantine before it loses its first, and the one rename that replaces is atomic.
 */
export function makeCopy(host: Host, windows: FoundWindows, intent: CopyIntent): CopyProblem | undefined {
  const { files } = host;
  const { path, kept, source } = pathsOf(windows, intent);
  const fresh = freshPathOf(path);
  if (files.find(fresh)) files.remove(fresh);
  files.create(fresh, new Uint8Array(0));
  for (let at = 0; at < intent.copy.sizeBytes; at += pieceBytes)
    files.append(fresh, files.read(source, at, Math.min(pieceBytes, intent.copy.sizeBytes - at)));
  files.flush(fresh);
  if (files.hash(fresh) !== intent.copy.sha256)
    return { code: 'copy-check-failed', message: `The copy of ${intent.copy.source} is not what was copied` };
  if (intent.copy.replaces) {
    files.link(path, kept);
    files.flush(kept);
  }
  files.rename(fresh, path, { replace: intent.copy.replaces });
  files.flush(path);
  return undefined;
}

/** Takes a copy back from whatever a power cut left of it, only while it is exactly what was put there. */
export function undoCopy(
  host: Host,
  windows: FoundWindows,
  intent: CopyIntent,
): { readonly restored: boolean } | CopyProblem {
  const { files } = host;
  const { path, kept, source } = pathsOf(windows, intent);
  const fresh = freshPathOf(path);
  if (files.find(fresh)?.kind === 'file') files.remove(fresh);
  const [there, away] = [files.find(path), files.find(kept)];
  const isOld = (entry: typeof there) =>
    entry?.kind === 'file' &&
    entry.sizeBytes === intent.sizeBytes &&
    entry.writtenAtMs === intent.writtenAtMs;
  // Read only where it decides: a file that somebody else holds may be the old one, which size and time tell.
  const isOurs = () => there?.kind === 'file' && files.hash(path) === intent.copy.sha256;
  if (!intent.copy.replaces) {
    if (!there) return { restored: false };
    if (!isOurs())
      return { code: 'copy-used-since', message: `${intent.from} was changed since, so it stays` };
    // A journal can be forged: what goes must still be there twice, so that nothing is lost by it.
    if (path.toLowerCase() === source.toLowerCase() || !isHolding(host, source, intent.copy.sha256))
      return {
        code: 'not-the-same-file',
        message: `${intent.from} stays: ${intent.copy.source} does not hold the same bytes any more`,
      };
    files.remove(path);
    return { restored: true };
  }
  if (away && !isOld(away))
    return { code: 'not-the-same-file', message: `${intent.to} is not the file that was kept` };
  if (isOld(there)) {
    // Not replaced yet, or back already: the name in quarantine is one more name of the same file.
    if (away) files.remove(kept);
    return { restored: false };
  }
  if (!away)
    return { code: 'file-missing', message: `${intent.from} is not what it was, and nothing was kept of it` };
  if (there && !isOurs())
    return { code: 'copy-used-since', message: `${intent.from} was changed since, so it stays` };
  files.rename(kept, path, { replace: true });
  return { restored: true };
}

const isHolding = ({ files }: Host, path: string, sha256: string): boolean =>
  files.find(path)?.kind === 'file' && files.hash(path) === sha256;

const pathsOf = ({ root }: FoundWindows, { from, to, copy }: CopyIntent) => ({
  path: joinPath(root, from.slice(1)),
  kept: joinPath(root, to.slice(1)),
  source: joinPath(root, copy.source.slice(1)),
});
