import { createHash } from 'node:crypto';
import { csagentModules } from './evidence/csagent-crash.ts';
import { buildDriverFile } from './evidence/driver-file.ts';
import { installHives, type LabInstallation } from './install-hives.ts';
import { installLogs } from './install-logs.ts';
import type { LabTree } from './lab-tree.ts';

/** Build of the Windows that lab machines run: 22H2/23H2 by its kernel file. */
export const labWindows = { version: '10.0.22621.3880', osBuild: 22621 } as const;

/** When Windows and its drivers were last serviced, before any bad update. */
const servicedAt = new Date('2024-07-09T18:20:44.000Z');

const stoppedAt = new Date('2024-07-19T03:58:10.000Z');
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
export function buildWindowsTree(tree: LabTree, computerName: string, installed: LabInstallation): void {
  const system = (name: string) => `Windows\\System32\\${name}`;
  const image = buildDriverFile({ version: labWindows.version, linkedAt: servicedAt });
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
  for (const name of listWindowsDrivers()) tree.write(system(`drivers\\${name}`), image, servicedAt);
  for (const name of otherHives) {
    tree.write(system(`config\\${name}`), hiveOf(name), stoppedAt);
    tree.write(system(`config\\${name}.LOG1`), new Uint8Array(0), servicedAt);
  }
  installHives(tree, computerName, installed, servicedAt, stoppedAt);
  installLogs(tree, computerName, servicedAt, stoppedAt);
  tree.write(system('LogFiles\\Srt\\bootfailure.etl'), fillerOf('etl', 2048), servicedAt);
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
  tree.write('pagefile.sys', new Uint8Array(512 * 1024), new Date('2024-07-19T03:58:01.000Z'));
}

/** Microsoft's drivers among those that the lab's crash dump lists. */
function listWindowsDrivers(): string[] {
  return csagentModules
    .map(({ path }) => /\\drivers\\([^\\]+\.sys)$/i.exec(path)?.[1])
    .filter(name => name !== undefined);
}

const hiveOf = (name: string): Buffer => Buffer.concat([Buffer.from('regf'), fillerOf(name, 8188)]);
