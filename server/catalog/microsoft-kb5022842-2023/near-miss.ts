import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same update under another hypervisor. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5022842-2023-near-miss',
  title: 'Has KB5022842 under Hyper-V and lost its storage driver',
  name: 'VM-2303',
  model: 'Microsoft Corporation Virtual Machine',
  clockAt: '2023-02-17T03:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 1547,
    servicedAt: '2023-02-15T02:44:00.000Z',
    stoppedAt: '2023-02-17T02:58:00.000Z',
  }),
  ...lostStorageDriver(),
});
