import { createHash } from 'node:crypto';
import { buildHealthyMachine, type HealthyMachine } from './build-machine.ts';
import { installHives } from './install-hives.ts';
import type { LabMachine } from './lab-machine.ts';
import type { LabTree } from './lab-tree.ts';
import { readMachine } from './machine-record.ts';
import { tryBoot } from './try-boot.ts';
import type { LabWindows } from './windows-profile.ts';

/** How a machine comes to stand in WinRE. */
export interface FailingMachine
  extends Omit<HealthyMachine, 'identity'>, Omit<LabMachine, 'build' | 'bad' | 'good'> {
  /** Computer name. */
  readonly name: string;
  readonly model?: string;
  /** As SMBIOS tells it; unknown unless told. */
  readonly firmwareVersion?: string;
  readonly memoryMB?: number;
  readonly bad?: readonly string[];
  readonly good?: readonly string[];
  /** Software that is there, and works, before anything happens. */
  readonly install?: (tree: LabTree) => void;
  /** The update that it takes: what its registry tells from then on. */
  readonly update?: Pick<HealthyMachine, 'installed'> & { readonly windows: LabWindows };
  /** What happens to it besides. */
  readonly happen?: (tree: LabTree) => void;
  /** What happens after its failed starts, while it is off. */
  readonly happenAfterwards?: (tree: LabTree) => void;
}

/** A machine that starts once healthy, then has something happen to it and fails until it stands in WinRE. */
export function failingMachine(failing: FailingMachine): LabMachine {
  const { id, title, fault, mended, added, byTool, install, update, happen, happenAfterwards } = failing;
  return {
    id,
    title,
    bad: failing.bad ?? [],
    good: failing.good ?? [],
    ...(fault ? { fault } : {}),
    ...(mended ? { mended } : {}),
    ...(added ? { added } : {}),
    ...(byTool ? { byTool } : {}),
    build: async (directory, { whileHealthy, identity = identityOf(failing) } = {}) => {
      const tree = buildHealthyMachine(directory, {
        id,
        title,
        identity,
        clockAt: failing.clockAt,
        ...(failing.windows ? { windows: failing.windows } : {}),
        ...(failing.installed ? { installed: failing.installed } : {}),
      });
      install?.(tree);
      const first = tryBoot(directory, fault);
      if (first.kind !== 'booted') throw new Error(`${id} does not start before anything happened`);
      await whileHealthy?.();
      if (update)
        installHives(
          tree,
          identity.name,
          update.windows,
          update.installed ?? failing.installed ?? { drivers: [], securityProducts: [] },
        );
      happen?.(tree);
      for (let start = 1; readMachine(directory).running !== 'recovery'; start++) {
        const next = tryBoot(directory, fault);
        if (next.kind === 'booted' || start > 2) throw new Error(`${id} starts whatever happened`);
      }
      happenAfterwards?.(tree);
    },
  };
}

/** Numbers that are always the same for a machine and never for two. */
function identityOf({
  id,
  name,
  model,
  firmwareVersion,
  memoryMB,
}: FailingMachine): HealthyMachine['identity'] {
  const digits = createHash('sha256').update(id).digest('hex');
  return {
    name,
    model: model ?? 'Contoso Desk 7',
    serial: `CD7-${digits.slice(0, 7)}`,
    smbiosId: [8, 4, 4, 4, 12]
      .reduce<{ parts: string[]; at: number }>(
        ({ parts, at }, length) => ({ parts: [...parts, digits.slice(at, at + length)], at: at + length }),
        { parts: [], at: 8 },
      )
      .parts.join('-'),
    ...(firmwareVersion === undefined ? {} : { firmwareVersion }),
    ...(memoryMB === undefined ? {} : { memoryMB }),
  };
}
