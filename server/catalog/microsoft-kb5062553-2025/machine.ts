import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf, readHiveOf } from '../../../agent/lab/read-registry.ts';
import { dword } from '../../../agent/lab/registry/key-plan.ts';
import type { LabTree } from '../../../agent/lab/lab-tree.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';

const guardKey = 'Control\\DeviceGuard';

function hasSecureKernel(tree: LabTree): boolean {
  const hive = readHiveOf(tree, 'SYSTEM');
  const key = hive?.findKey(`ControlSet001\\${guardKey}`);
  return !!hive && new RegistryReader(hive).findNumber(key, 'EnableVirtualizationBasedSecurity') === 1;
}

/** An older machine in Azure that was hardened by hand. */
export const machine = failingMachine({
  id: 'microsoft-kb5062553-2025',
  title: 'Took KB5062553 with VBS in an Azure machine without Trusted Launch',
  name: 'AZURE-0708',
  model: 'Microsoft Corporation Virtual Machine',
  clockAt: '2025-07-09T07:02:00.000Z',
  windows: windowsOf('server-2025', {
    revision: 4349,
    servicedAt: '2025-06-11T18:20:03.000Z',
    stoppedAt: '2025-07-09T06:40:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [{ hive: 'SYSTEM', path: guardKey, values: [dword('EnableVirtualizationBasedSecurity', 1)] }],
  },
  fault: stopFault({
    status: 'no start',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, '~26100.4652.') && hasSecureKernel(tree),
  }),
  update: {
    windows: windowsOf('server-2025', {
      revision: 4652,
      servicedAt: '2025-07-09T06:44:00.000Z',
      stoppedAt: '2025-07-09T06:58:00.000Z',
    }),
  },
});
