import { pagedSource } from '../../shared/bytes/paged-source.ts';
import { type BootLoader, readBootConfiguration } from '../../shared/registry/boot-configuration.ts';
import { recoverHive } from '../../shared/registry/recover-hive.ts';
import { scratchFolderOn, type WantedBootOption } from '../../shared/remediation/tools/tool-run.ts';
import type { Host } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { joinPath } from './windows-path.ts';

const exportTimeoutMs = 120_000;

/**
 * Whether the boot store says what is wanted; undefined when it cannot be read. The store is the firmware's choice,
 * often on a partition without a letter, and open in WinRE: BCDEdit exports it, and its export is a hive like any other.
 */
export async function isBootOptionTrue(
  host: Host,
  windows: FoundWindows,
  { element, value }: WantedBootOption,
): Promise<boolean | undefined> {
  const folder = scratchFolderOn(windows.root);
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
  if (!recovered?.ok) return undefined;
  const { default: id, loaders } = readBootConfiguration(recovered.hive);
  const loader = loaders.find(one => one.id.toLowerCase() === id?.toLowerCase());
  const found = loader && valueOf(loader, element);
  return found === undefined ? undefined : found === (value ?? null);
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
