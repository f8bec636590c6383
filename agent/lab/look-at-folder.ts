import fs from 'node:fs';
import path from 'node:path';
import type { Facts } from '../../shared/facts/facts.ts';
import type { Script } from '../../shared/remediation/syntax-tree.ts';
import { collectEvidence } from '../core/collect/collect-evidence.ts';
import { factsOfDriver } from '../core/collect/drivers.ts';
import { listDriversAskedFor } from '../core/drivers-asked-for.ts';
import { findWindows, type FoundWindows } from '../core/found-windows.ts';
import type { HostMachine } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { createLabHost } from './lab-host.ts';
import { readMachine } from './machine-record.ts';

/** A Windows that lies in a folder, as the agent sees it from recovery. */
export interface LookedAtWindows {
  readonly ok: true;
  /** Name of the machine, or undefined where only its drive is there. */
  readonly deviceName: string | undefined;
  readonly windows: FoundWindows;
  readonly facts: Facts;
}

export type LookResult =
  LookedAtWindows | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Looks at a Windows in a folder as the agent would before it plans `script`: a lab machine, or any folder that is a
 * drive with an offline Windows. It changes nothing. What only firmware knows stays unknown for a drive alone.
 */
export function lookAtFolder(directory: string, script: Script): LookResult {
  const isThere = fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isThere) return { ok: false, code: 'folder-not-found', message: `there is no folder ${directory}` };
  const isMachine = fs.existsSync(path.join(directory, 'machine.json'));
  const host = isMachine
    ? createLabHost(directory, quiet)
    : createNodeHost({ ...quiet, drives: { C: directory }, machine: driveAlone });
  try {
    const found = findWindows(host);
    if (!found.ok) return { ok: false, ...found.problem };
    const { windows } = found;
    const deviceName = isMachine ? readMachine(directory).identity.name : undefined;
    const collected = collectEvidence(
      host,
      windows,
      host.machine.readStartReason() ?? folderIsNoStart,
      deviceName ?? '',
    );
    const asked = listDriversAskedFor(script).map(driver => factsOfDriver(host, windows, collected, driver));
    return { ok: true, deviceName, windows, facts: Object.assign({}, collected.facts, ...asked) as Facts };
  } finally {
    host.close();
  }
}

const quiet = { screen: { show: () => undefined }, log: { write: () => undefined } };

const folderIsNoStart = { kind: 'other' } as const;

/** What firmware would know, where there is only a drive. */
const driveAlone: HostMachine = {
  readEnvironment: () => 'recovery',
  readIdentity: () => ({ name: '', model: '', serial: '', smbiosId: '' }),
  readStartReason: () => folderIsNoStart,
  readPower: () => ({ source: 'unknown' }),
  listVolumes: () => [{ root: 'C:\\', bitLocker: 'none' }],
  readBootEntryVolume: () => undefined,
  readImagePlace: () => undefined,
  reboot: () => undefined,
  handOver: () => undefined,
};
