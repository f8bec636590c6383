import { runCommandLine } from '../../../agent/command-line.ts';
import type { MemoryHost, MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import type { ToolRequest } from '../../../agent/host/host.ts';
import type { LabPackage } from '../../../agent/lab/tools/lab-recovery-tools.ts';
import { buildBootStore } from '../../../agent/lab/registry/windows-hives.ts';
import { FakeServer, type FakeServerOptions, organization, serverAddress, serverPin } from './fake-server.ts';
import { createHealthyWindows } from './healthy-windows.ts';

export const agentPath = 'C:\\Users\\Admin\\bootmend.exe';

interface MachineTools {
  readonly packages?: readonly LabPackage[];
  /** Whether a tool fails this time. */
  readonly refuses?: (request: ToolRequest) => boolean;
}

/** A healthy Windows with an agent and a bundle in a folder, and a server that knows it soon. */
export function createMachine(
  over: Partial<MemoryHostOptions> = {},
  serverOptions: FakeServerOptions = {},
  { packages, refuses }: MachineTools = {},
) {
  const server = new FakeServer(serverOptions);
  const crashControl = `
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\CrashControl
    AutoReboot    REG_DWORD    0x1
    CrashDumpEnabled    REG_DWORD    0x7
`;
  const saveHive = (key: string, file: string) => {
    const { files } = windows.host;
    const from = `C:\\Windows\\System32\\config\\${key.replace('HKLM\\', '')}`;
    const entry = files.find(from);
    if (entry) files.create(file, files.read(from, 0, entry.sizeBytes));
    return entry ? 0 : 1;
  };
  const windows = createHealthyWindows(
    {
      partitionBytes: 750 * 1024 ** 2,
      ...(packages && { packages }),
      before: request => {
        const { tool, arguments: args } = request;
        if (refuses?.(request)) return { kind: 'ended', exitCode: 5, output: '', truncated: false };
        const output = (exitCode: number, text = '') =>
          ({ kind: 'ended', exitCode, output: text, truncated: false }) as const;
        if (tool === 'reg' && args[0] === 'save') return output(saveHive(args[1]!, args[2]!));
        if (tool === 'reg') return output(0, crashControl);
        if (tool === 'manage-bde') return output(-1);
        if (tool !== 'bcdedit') return undefined;
        if (args[0] === '/export') windows.host.files.create(args[1]!, buildBootStore());
        return output(0);
      },
    },
    {
      identity: { name: 'LAPTOP-4711', smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3132', serial: 'B5RJ12' },
      servers: { [serverAddress]: server.memoryServer },
      wallMs: Date.parse('2026-11-25T12:00:00Z'),
      ...over,
    },
  );
  const { host, disk, lab } = windows;
  host.files.makeDirectory('C:\\Users\\Admin');
  host.files.create(agentPath, Buffer.from('MZ agent'));
  const bundle = {
    organization,
    servers: [serverAddress],
    pins: [serverPin],
    trust: server.trust(),
    token: 'bm-enrol-0123456789abcdef',
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
  };
  host.files.create('C:\\bundle.json', Buffer.from(JSON.stringify(bundle)));
  return { server, host, disk, lab };
}

/** Runs one command of the agent there. */
export async function bootmend(host: MemoryHost, ...argv: string[]) {
  const [out, errors]: [string[], string[]] = [[], []];
  const code = await runCommandLine({
    host,
    argv,
    agentPath,
    out: line => void out.push(line),
    error: line => void errors.push(line),
  });
  return { code, out: out.join('\n'), error: errors.join('\n') };
}
