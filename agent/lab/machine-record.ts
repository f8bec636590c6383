import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';

const letter = z.string().check(z.regex(/^[A-WYZ]$/));

/** `machine.json`: what the firmware of a lab machine knows. Everything else is on its drives. */
export const machineRecord = z.object({
  version: z.literal(1),
  id: z.string(),
  title: z.string(),
  identity: z.object({
    name: z.string(),
    model: z.string(),
    serial: z.string(),
    smbiosId: z.string(),
    firmwareVersion: z.optional(z.string()),
    memoryMB: z.optional(z.int()),
  }),
  /** Build of the kernel of its Windows. */
  osBuild: z.int().check(z.positive()),
  /** Where the machine's own clock stands; it moves when the machine runs. */
  clockAt: z.iso.datetime(),
  running: z.enum(['off', 'windows', 'recovery']),
  firmware: z.object({
    /** Starts in a row that did not reach logon. */
    failedStarts: z.int().check(z.nonnegative()),
    lastFailedAt: z.optional(z.iso.datetime()),
    startReason: z.enum(['failed-boot', 'marker', 'test-mode', 'other']),
  }),
  /** The drive that the boot entry names; absent when it cannot be read. */
  bootEntryDrive: z.optional(letter),
  /** Drives as WinRE letters them, each a folder beside this file. */
  drives: z.array(
    z.object({ letter, folder: z.string(), bitLocker: z.enum(['none', 'unlocked', 'locked']) }),
  ),
});
export type MachineRecord = z.infer<typeof machineRecord>;

const recordPath = (directory: string) => path.join(directory, 'machine.json');

/** Reads the record of a lab machine; throws with the path when there is none. */
export function readMachine(directory: string): MachineRecord {
  const parsed = machineRecord.safeParse(JSON.parse(fs.readFileSync(recordPath(directory), 'utf8')));
  if (!parsed.success)
    throw new Error(`${recordPath(directory)} is no lab machine: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

export function writeMachine(directory: string, record: MachineRecord): void {
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(recordPath(directory), `${JSON.stringify(record, null, 2)}\n`);
}

/** The real folder of a drive. */
export const driveFolder = (directory: string, drive: MachineRecord['drives'][number]): string =>
  path.join(directory, drive.folder);

/** The real folder of the drive that Windows starts from. */
export function systemFolder(directory: string, record: MachineRecord): string {
  const drive = record.drives.find(one => one.letter === record.bootEntryDrive) ?? record.drives[0];
  if (!drive) throw new Error(`${recordPath(directory)} names no drive`);
  return driveFolder(directory, drive);
}
