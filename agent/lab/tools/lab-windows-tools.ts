import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { applyPatches } from '../../../shared/registry/byte-patch.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';
import type { HostFiles, HostTools, ToolName, ToolRequest, ToolResult } from '../../host/host.ts';
import type { MachineRecord } from '../machine-record.ts';
import { readHiveOf, recoverHiveOf } from '../read-registry.ts';
import { LabBitLocker } from './lab-bitlocker.ts';
import { LabRecoveryTools, type LabRecoveryState } from './lab-recovery-tools.ts';
import type { ToolBench } from './lab-tool.ts';
import { createLabTools } from './lab-tools.ts';
import { stockImage, vendorPackages } from './stock-image.ts';

/** `windows.json` beside `machine.json`: the image on the recovery partition, which has no letter, and the tasks. */
const windowsRecord = z.object({
  version: z.literal(1),
  onPartition: z.optional(z.string()),
  trusted: z.optional(z.string()),
  tasks: z.record(z.string(), z.string()),
  settings: z.optional(z.string()),
});

const recordPath = (directory: string) => path.join(directory, 'windows.json');
const crashControl = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl';

const recoveryTools: ReadonlySet<ToolName> = new Set(['reagentc', 'dism', 'pnputil', 'schtasks']);

export interface LabWindowsOptions {
  readonly directory: string;
  readonly drives: MachineRecord['drives'];
  readonly files: HostFiles;
  readonly bench: () => ToolBench;
}

/** The programs of a lab machine whose Windows runs; what they leave outside its drives is kept for the next process. */
export function createLabWindowsTools({ directory, drives, files, bench }: LabWindowsOptions): HostTools {
  const state = readState(directory);
  const recovery = new LabRecoveryTools(
    { image: stockImage, packages: vendorPackages, ...(state && { state }) },
    () => files,
  );
  if (!state) recovery.install();
  const { tools: bitLocker } = new LabBitLocker(
    drives.map((drive, at) => ({
      drive: `${drive.letter}:`,
      isEncrypted: drive.bitLocker !== 'none',
      locked: drive.bitLocker === 'locked',
      keyId: `{4C1D9A51-2F7B-4C1D-8F1C-00000000000${at}}`,
      recoveryPassword: Array.from({ length: 8 }, () => '000011').join('-'),
    })),
  );
  const others = createLabTools({ bench });
  return {
    runProgram: request => recovery.tools.runProgram(request),
    run: async request => {
      if (request.tool === 'reg') return runReg(request, bench());
      if (request.tool === 'manage-bde') return bitLocker.run(request);
      if (!recoveryTools.has(request.tool)) return others.run(request);
      const result = await recovery.tools.run(request);
      writeState(directory, recovery.state);
      return result;
    },
  };
}

function readState(directory: string): LabRecoveryState | undefined {
  if (!fs.existsSync(recordPath(directory))) return undefined;
  const record = windowsRecord.parse(JSON.parse(fs.readFileSync(recordPath(directory), 'utf8')));
  const image = (text: string | undefined) =>
    text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'base64'));
  return {
    onPartition: image(record.onPartition),
    trusted: image(record.trusted),
    tasks: new Map(Object.entries(record.tasks)),
    settings: record.settings,
  };
}

function writeState(directory: string, { onPartition, trusted, tasks, settings }: LabRecoveryState): void {
  const image = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('base64');
  const record: z.infer<typeof windowsRecord> = {
    version: 1,
    onPartition: image(onPartition),
    trusted: image(trusted),
    tasks: Object.fromEntries(tasks),
    settings,
  };
  fs.writeFileSync(recordPath(directory), `${JSON.stringify(record)}\n`);
}

/** `reg save` of a whole hive, and `reg query` of the crash settings. */
function runReg({ arguments: args }: ToolRequest, bench: ToolBench): ToolResult {
  const [verb, key = '', file = ''] = args;
  const hive = key.replace(/^HKLM\\/, '');
  if (verb === 'save' && (hive === 'SYSTEM' || hive === 'SOFTWARE') && args[3] === '/y')
    return saveHive(hive, file, bench);
  return verb === 'query' && key === crashControl && args.length === 2
    ? queryCrashControl(bench)
    : ended(1, 'ERROR: Invalid syntax.');
}

/** Windows saves what it sees: the hive with the changes that wait in its logs. */
function saveHive(hive: 'SYSTEM' | 'SOFTWARE', file: string, { volume, root, now }: ToolBench): ToolResult {
  const recovered = recoverHiveOf(volume, hive);
  const applied = recovered && applyPatches(recovered.file, recovered.patches);
  if (!applied?.ok || !file.startsWith(root))
    return ended(1, 'ERROR: The system cannot find the file specified.');
  const bytes = applied.image.read(0, applied.image.sizeBytes);
  volume.write(file.slice(root.length), bytes, now);
  return ended(0, 'The operation completed successfully.');
}

function queryCrashControl({ volume }: ToolBench): ToolResult {
  const hive = readHiveOf(volume, 'SYSTEM');
  const set = hive && readControlSets(hive).path;
  if (!hive || !set)
    return ended(1, 'ERROR: The system was unable to find the specified registry key or value.');
  const reader = new RegistryReader(hive);
  const lines = ['AutoReboot', 'CrashDumpEnabled'].flatMap(name => {
    const number = reader.findNumber(hive.findKey(`${set}\\Control\\CrashControl`), name);
    return number === null ? [] : [`    ${name}    REG_DWORD    0x${number.toString(16)}`];
  });
  return ended(0, ['', crashControl.replace('HKLM', 'HKEY_LOCAL_MACHINE'), ...lines, ''].join('\r\n'));
}

const ended = (exitCode: number, output: string): ToolResult => ({
  kind: 'ended',
  exitCode,
  output,
  truncated: false,
});
