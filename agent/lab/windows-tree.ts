import { createHash } from 'node:crypto';
import { buildDriverFile } from './evidence/driver-file.ts';
import { windowsDriverNames } from './evidence/windows-modules.ts';
import { installHives, type LabInstallation } from './install-hives.ts';
import { installLogs } from './install-logs.ts';
import type { LabTree } from './lab-tree.ts';
import { buildBootStore } from './registry/windows-hives.ts';
import { bootManagerFile, bootStore } from './tools/boot-store.ts';
import type { LabWindows } from './windows-profile.ts';

/** Hives that nobody reads. */
const otherHives = ['BBI', 'COMPONENTS', 'DEFAULT', 'DRIVERS', 'ELAM', 'SAM', 'SECURITY'];

/** Bytes that are always the same for a name and never for two. */
function fillerOf(name: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let piece = createHash('sha256').update(name).digest();
  for (let at = 0; at < sizeBytes; at += piece.length) {
    piece.copy(bytes, at);
    piece = createHash('sha256').update(piece).digest();
  }
  return bytes;
}

/** A Windows with its kernel, drivers, hives, some programs and a person's files: what a repair must leave alone. */
export function buildWindowsTree(
  tree: LabTree,
  computerName: string,
  windows: LabWindows,
  installed: LabInstallation,
): void {
  const { servicedAt, stoppedAt } = windows;
  const system = (name: string) => `Windows\\System32\\${name}`;
  const image = buildDriverFile({ version: windows.version, linkedAt: servicedAt });
  for (const name of [
    'ntoskrnl.exe',
    'hal.dll',
    'kd.dll',
    'winload.efi',
    'winresume.efi',
    'smss.exe',
    'ntdll.dll',
  ])
    tree.write(system(name), image, servicedAt);
  for (const name of windowsDriverNames) tree.write(system(`drivers\\${name}`), image, servicedAt);
  for (const name of otherHives) {
    tree.write(system(`config\\${name}`), hiveOf(name), stoppedAt);
    tree.write(system(`config\\${name}.LOG1`), new Uint8Array(0), servicedAt);
  }
  installHives(tree, computerName, windows, installed);
  installLogs(tree, computerName, windows);
  tree.write(system('LogFiles\\Srt\\bootfailure.etl'), fillerOf('etl', 2048), servicedAt);
  tree.write(bootManagerFile, Buffer.from('MZ boot manager of the lab'), servicedAt);
  tree.write(bootStore, buildBootStore(), servicedAt);
  tree.write('Windows\\notepad.exe', image, servicedAt);
  tree.write('Program Files\\Contoso\\Ledger\\ledger.exe', image, servicedAt);
  tree.write('Program Files\\Contoso\\Ledger\\ledger.dat', fillerOf('ledger', 9000), servicedAt);
  tree.write(
    'Users\\Ada\\Documents\\thesis.docx',
    fillerOf('thesis', 30_000),
    new Date('2024-07-18T21:40:00.000Z'),
  );
  tree.write(
    'Users\\Ada\\Documents\\C-00000291-notes.sys',
    fillerOf('notes', 700),
    new Date('2024-07-19T04:30:00.000Z'),
  );
  tree.write('pagefile.sys', new Uint8Array(512 * 1024), secondsBefore(stoppedAt, 9));
}

const secondsBefore = (at: Date, seconds: number) => new Date(at.getTime() - seconds * 1000);

const hiveOf = (name: string): Buffer => Buffer.concat([Buffer.from('regf'), fillerOf(name, 8188)]);
