import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseProvisioningBundle } from '../../../shared/winre/agent-settings.ts';
import { runEnrol } from '../../../agent/core/run-enrol.ts';
import { type DiskSnapshot, MemoryDisk } from '../../../agent/host/memory-disk.ts';
import {
  createMemoryHost,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../agent/host/memory-host.ts';
import type { StartReason } from '../../../agent/host/host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { readMachine } from '../../../agent/lab/machine-record.ts';
import { trialProgram } from './action-trials.ts';
import { FakeServer, type FakeServerOptions, organization, serverAddress, serverPin } from './fake-server.ts';

/** A lab machine in memory: its Windows drive and what its firmware knows. */
export interface Broken {
  readonly disk: DiskSnapshot;
  readonly lastFailedAtMs: number;
}

const built = new Map<string, Promise<Broken>>();

/** Builds a lab machine once per process and reads its Windows drive into memory. */
export function buildBroken(machine: LabMachine): Promise<Broken> {
  const known = built.get(machine.id) ?? build(machine);
  built.set(machine.id, known);
  return known;
}

async function build(machine: LabMachine): Promise<Broken> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-lab-'));
  try {
    await machine.build(directory);
    const disk = new MemoryDisk();
    const folder = path.join(directory, 'C');
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const real = path.join(entry.parentPath, entry.name);
      const bytes = new Uint8Array(fs.readFileSync(real));
      const writtenAtMs = Math.floor(fs.statSync(real).mtimeMs);
      disk.place(path.relative(folder, real).split(path.sep), { bytes, writtenAtMs });
    }
    const { lastFailedAt } = readMachine(directory).firmware;
    assert.ok(lastFailedAt);
    return { disk: disk.snapshot(), lastFailedAtMs: Date.parse(lastFailedAt) };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** A broken machine that was enrolled while it was healthy, and its server. */
export interface World {
  readonly server: FakeServer;
  readonly disk: MemoryDisk;
  readonly startReason: StartReason;
  /** A start of the recovery environment, or of Windows, on this machine. */
  readonly start: (over?: Partial<MemoryHostOptions>) => MemoryHost;
}

const settings = { waitIntervalMinutes: 30, totalWaitMinutes: 180 };

export async function createWorld(
  machine: LabMachine,
  serverOptions: FakeServerOptions = {},
  servers: readonly string[] = [serverAddress],
  deviceName = 'LAPTOP-4711',
  proxy?: string,
): Promise<World> {
  const { trouble: _inTrouble, ...calm } = serverOptions;
  const { disk: snapshot, lastFailedAtMs } = await buildBroken(machine);
  const disk = new MemoryDisk(snapshot);
  const enrolling = new FakeServer(calm);
  const bundle = parseProvisioningBundle({
    organization,
    servers: [serverAddress],
    pins: [serverPin],
    trust: enrolling.trust(),
    token: 'bm-enrol-0123456789abcdef',
    helpDesk: '+33 4 00 00 00 00',
    ...(proxy !== undefined && { proxy }),
    settings,
    programs: [trialProgram],
  });
  assert.ok(bundle.ok);
  const base = {
    startReason: { kind: 'failed-boot', failedStarts: 2, lastFailedAtMs },
    bootEntryVolume: 'C:\\',
  } as const;
  const healthy = createMemoryHost({
    ...base,
    disks: { C: disk },
    environment: 'windows',
    identity: { name: deviceName },
    servers: { [serverAddress]: enrolling.memoryServer },
  });
  const enrolled = await runEnrol(healthy, { ...bundle.value, servers: [...servers] });
  assert.equal(
    enrolled.kind,
    'failed' in enrolled ? '' : servers.includes(serverAddress) ? 'enrolled' : 'failed',
  );
  const server = new FakeServer(serverOptions, enrolling.fork().state);
  let seed = 7;
  return {
    server,
    disk,
    startReason: base.startReason,
    start: over =>
      createMemoryHost({
        ...base,
        disks: { C: disk },
        servers: { [serverAddress]: server.memoryServer },
        seed: seed++,
        ...over,
      }),
  };
}

/** Every file outside Bootmend's own folder with contents and time; directories are not files. */
export function listFiles(disk: MemoryDisk): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const walk = (directory: string) => {
    for (const entry of disk.list(parsePath(directory)) ?? []) {
      const name = `${directory}${directory.endsWith('\\') ? '' : '\\'}${entry.name}`;
      if (/^C:\\ProgramData\\Bootmend$/i.test(name)) continue;
      if (entry.kind === 'directory') walk(name);
      else
        files.set(
          name,
          `${entry.writtenAtMs} ${Buffer.from(disk.read(parsePath(name), 0, 1e9)).toString('base64')}`,
        );
    }
  };
  walk('C:\\');
  return files;
}

/** Files that lie in quarantine, as `listFiles` writes them. */
export function listQuarantine(disk: MemoryDisk): string[] {
  const root = 'C:\\ProgramData\\Bootmend\\quarantine';
  return (disk.list(parsePath(root)) ?? []).flatMap(attempt =>
    (disk.list(parsePath(`${root}\\${attempt.name}`)) ?? []).map(entry => {
      const bytes = disk.read(parsePath(`${root}\\${attempt.name}\\${entry.name}`), 0, 1e9);
      return `${entry.writtenAtMs} ${Buffer.from(bytes).toString('base64')}`;
    }),
  );
}
