import type { Host } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { stateFolderOn } from './state-folder.ts';
import { joinPath } from './windows-path.ts';

const hives = ['SYSTEM', 'SOFTWARE', 'COMPONENTS', 'DRIVERS'];
const logs = ['', '.LOG1', '.LOG2'];
const pieceBytes = 1024 * 1024;
/** Room that must be left for Windows beside the copies. */
const spareBytes = 256 * 1024 * 1024;
const exportTimeoutMs = 120_000;

/** Why nothing could be saved, so that nothing may be done. */
export interface SaveProblem {
  readonly code: 'disk-full' | 'boot-options-not-saved' | 'hive-not-saved';
  readonly message: string;
}

/**
 * Saves what a person would need to get back by hand from a step without a way back: copies of the hives with their
 * logs, since DISM writes into the files themselves, and the boot options, which BCDEdit alone can read here.
 */
export async function saveBefore(
  host: Host,
  windows: FoundWindows,
  attemptId: string,
): Promise<SaveProblem | undefined> {
  const folder = joinPath(stateFolderOn(windows.root).saves, attemptId);
  const config = joinPath(windows.windowsDirectory, 'System32', 'config');
  const files = hives
    .flatMap(hive => logs.map(log => `${hive}${log}`))
    .flatMap(name => {
      const entry = host.files.find(joinPath(config, name));
      return entry?.kind === 'file' ? [{ name, sizeBytes: entry.sizeBytes }] : [];
    });
  const needed = files.reduce((sum, one) => sum + one.sizeBytes, spareBytes);
  const free = host.files.freeBytes(windows.root);
  if (free !== undefined && free < needed)
    return {
      code: 'disk-full',
      message: `The hives cannot be saved: ${free} bytes are free, ${needed} are needed`,
    };
  host.files.makeDirectory(folder);
  for (const { name, sizeBytes } of files) {
    const [from, to] = [joinPath(config, name), joinPath(folder, name)];
    if (host.files.find(to)) host.files.remove(to);
    host.files.create(to, new Uint8Array(0));
    for (let at = 0; at < sizeBytes; at += pieceBytes)
      host.files.append(to, host.files.read(from, at, pieceBytes));
    if (host.files.hash(from) !== host.files.hash(to))
      return { code: 'hive-not-saved', message: `The copy of ${name} is not what was copied` };
  }
  const store = joinPath(folder, 'BCD');
  if (host.files.find(store)) host.files.remove(store);
  const saved = await host.tools.run({
    tool: 'bcdedit',
    arguments: ['/export', store],
    timeoutMs: exportTimeoutMs,
  });
  host.files.flush(windows.root);
  return saved.kind === 'ended' && saved.exitCode === 0 && host.files.find(store)?.kind === 'file'
    ? undefined
    : { code: 'boot-options-not-saved', message: 'BCDEdit did not save the boot options' };
}
