import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { dword } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same update and BitLocker, bound as Windows does it by itself. */
export const nearMiss = failingMachine({
  id: 'microsoft-pcr7-policy-2026-near-miss',
  title: 'Has KB5082142 and BitLocker without a PCR7 policy, and lost its storage driver',
  name: 'BRANCH-2605',
  clockAt: '2026-04-16T03:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 5020,
    servicedAt: '2026-04-15T02:44:00.000Z',
    stoppedAt: '2026-04-16T02:58:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [{ hive: 'SYSTEM', path: 'Control\\BitlockerStatus', values: [dword('BootStatus', 1)] }],
  },
  ...lostStorageDriver(),
});
