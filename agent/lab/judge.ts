import type { LabMachine } from './lab-machine.ts';
import { readMachine, systemFolder } from './machine-record.ts';
import { type Manifest, type ManifestEntry, readManifest } from './manifest.ts';
import { type BootResult, tryBoot } from './try-boot.ts';

/** What became of a machine, by the lab's own judgement. Paths are below the Windows drive. */
export interface Judgement {
  /** Windows came up, what a right repair does was done and nothing else was touched. */
  readonly healed: boolean;
  readonly boot: BootResult;
  readonly deleted: readonly string[];
  /** Look-alikes of the bad files that are still there. */
  readonly kept: readonly string[];
  /** Files whose contents or time are not what they were. */
  readonly changed: readonly string[];
  readonly added: readonly string[];
  /** Files that were deleted or changed and are not whole in quarantine either. */
  readonly lost: readonly string[];
}

const ownFolder = 'ProgramData\\Bootmend\\';

/** The state of the Windows drive, to judge against later. */
export function readDrive(directory: string): Manifest {
  return readManifest(systemFolder(directory, readMachine(directory)));
}

/**
 * Compares the machine with what it was before the agent came, then starts it. Bootmend's own folder may change; what
 * was taken away must lie whole in its quarantine.
 */
export function judge(directory: string, machine: LabMachine, before: Manifest): Judgement {
  const after = readDrive(directory);
  const isOwn = (name: string) => name.startsWith(ownFolder);
  const byTool = new Set(machine.byTool);
  const names = (manifest: Manifest) =>
    [...manifest.keys()].filter(name => !isOwn(name) && !byTool.has(name));
  const quarantined = [...after].filter(([name]) => name.startsWith(`${ownFolder}quarantine\\`));
  const isKept = (wanted: ManifestEntry) => quarantined.some(([, entry]) => isSame(entry, wanted));

  const deleted = names(before).filter(name => !after.has(name));
  const changed = names(before).filter(name => {
    const [was, is] = [before.get(name), after.get(name)];
    return was && is && !isSame(was, is);
  });
  const added = names(after).filter(name => !before.has(name));
  const lost = [...deleted, ...changed].filter(name => !isKept(before.get(name)!));
  const kept = machine.good.filter(name => after.has(name));
  const boot = tryBoot(directory, machine.fault);

  const asWanted =
    isSameSet(deleted, machine.bad) &&
    isSameSet(changed, machine.mended ?? []) &&
    isSameSet(added, machine.added ?? []) &&
    kept.length === machine.good.length;
  return {
    healed: boot.kind === 'booted' && asWanted && lost.length === 0,
    boot,
    deleted,
    kept,
    changed,
    added,
    lost,
  };
}

const isSameSet = (a: readonly string[], b: readonly string[]) =>
  [...a].sort().join() === [...b].sort().join();

const isSame = (a: ManifestEntry, b: ManifestEntry) =>
  a.sha256 === b.sha256 && a.sizeBytes === b.sizeBytes && a.writtenAtMs === b.writtenAtMs;
