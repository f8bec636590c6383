import { pagedSource } from '../../shared/bytes/paged-source.ts';
import {
  type BootConfiguration,
  type BootLoader,
  readBootConfiguration,
} from '../../shared/registry/boot-configuration.ts';
import { recoverHive } from '../../shared/registry/recover-hive.ts';
import { scratchFolderOn, type WantedBootOption } from '../../shared/remediation/tools/tool-run.ts';
import type { Host } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { isSamePath, joinPath, withoutDrive } from './windows-path.ts';

const exportTimeoutMs = 120_000;

/**
 * What the store that the firmware starts from says; undefined when it cannot be read. It often lies on a partition
 * without a letter and is open in WinRE: BCDEdit exports it into a folder of ours, and its export is a hive like any
 * other.
 */
export async function exportBootStore(
  host: Host,
  windows: FoundWindows,
  folder: string,
): Promise<BootConfiguration | undefined> {
  const file = joinPath(folder, 'BCD');
  host.files.makeDirectory(folder);
  if (host.files.find(file)) host.files.remove(file);
  const saved = await host.tools.run({
    tool: 'bcdedit',
    arguments: ['/export', file],
    timeoutMs: exportTimeoutMs,
  });
  const source = saved.kind === 'ended' && saved.exitCode === 0 ? windows.open(file) : undefined;
  const recovered = source && recoverHive(pagedSource(source), {});
  return recovered?.ok ? readBootConfiguration(recovered.hive) : undefined;
}

const readBootStore = (host: Host, windows: FoundWindows) =>
  exportBootStore(host, windows, scratchFolderOn(windows.root));

/** Whether the boot store says what is wanted; undefined when it cannot be read. */
export async function isBootOptionTrue(
  host: Host,
  windows: FoundWindows,
  { element, value }: WantedBootOption,
): Promise<boolean | undefined> {
  const store = await readBootStore(host, windows);
  const loader = store?.loaders.find(one => one.id.toLowerCase() === store.default?.toLowerCase());
  const found = loader && valueOf(loader, element);
  return found === undefined ? undefined : found === (value ?? null);
}

/**
 * Whether the boot manager offers an entry that starts a Windows in this folder; undefined when the store cannot be
 * read. On which volume an entry looks is not read: what was written last for this folder is what BCDBoot wrote.
 */
export async function hasBootEntry(host: Host, windows: FoundWindows): Promise<boolean | undefined> {
  const store = await readBootStore(host, windows);
  const offered =
    store && new Set([store.default ?? '', ...store.displayOrder].map(one => one.toLowerCase()));
  return store?.loaders.some(
    ({ id, path, systemRoot, windowsPe }) =>
      !windowsPe &&
      offered?.has(id.toLowerCase()) === true &&
      isSamePath(systemRoot ?? '', withoutDrive(windows.windowsDirectory)) &&
      /\\winload\.(efi|exe)$/i.test(path ?? ''),
  );
}

/** As BCDEdit writes it; null when absent, undefined for an option that is not read. */
function valueOf({ safeBoot, bootLog }: BootLoader, element: string): string | null | undefined {
  switch (element) {
    case 'safeboot':
      return safeBoot;
    case 'bootlog':
      return bootLog === null ? null : bootLog ? 'yes' : 'no';
    default:
      return undefined;
  }
}
