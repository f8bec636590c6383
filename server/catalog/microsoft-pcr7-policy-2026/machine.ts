import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { dword } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A server in a branch without anybody who knows the key; its volume was opened in the recovery environment. */
export const machine = failingMachine({
  id: 'microsoft-pcr7-policy-2026',
  title: 'Took KB5082142 with a PCR7 policy and asks for its BitLocker key',
  name: 'BRANCH-2604',
  clockAt: '2026-04-15T03:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 4893,
    servicedAt: '2026-03-11T18:20:03.000Z',
    stoppedAt: '2026-04-15T02:40:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      { hive: 'SYSTEM', path: 'Control\\BitlockerStatus', values: [dword('BootStatus', 1)] },
      {
        hive: 'SOFTWARE',
        path: 'Policies\\Microsoft\\FVE\\OSPlatformValidation_UEFI',
        values: [dword('Enabled', 1), dword('7', 1), dword('11', 1)],
      },
    ],
  },
  fault: stopFault({
    status: 'BitLocker recovery',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, '~20348.5020.'),
  }),
  update: {
    windows: windowsOf('server-2022', {
      revision: 5020,
      servicedAt: '2026-04-15T02:44:00.000Z',
      stoppedAt: '2026-04-15T02:58:00.000Z',
    }),
  },
});
