import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same update in the same cloud, without a secure kernel. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5062553-2025-near-miss',
  title: 'Has KB5062553 without VBS in an Azure machine and lost its storage driver',
  name: 'AZURE-0709',
  model: 'Microsoft Corporation Virtual Machine',
  clockAt: '2025-07-10T07:02:00.000Z',
  windows: windowsOf('server-2025', {
    revision: 4652,
    servicedAt: '2025-07-09T06:44:00.000Z',
    stoppedAt: '2025-07-10T06:58:00.000Z',
  }),
  ...lostStorageDriver(),
});
