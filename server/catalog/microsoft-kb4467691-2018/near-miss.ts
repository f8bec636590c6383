import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same notebook and update with more memory. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb4467691-2018-near-miss',
  title: 'Has KB4467691 with 16 GB of memory and lost its storage driver',
  name: 'FIELD-1812',
  model: 'LENOVO 20J4000LMZ',
  memoryMB: 16_384,
  clockAt: '2018-11-16T07:02:00.000Z',
  windows: windowsOf('windows-10-1607', {
    revision: 2608,
    servicedAt: '2018-11-15T06:44:00.000Z',
    stoppedAt: '2018-11-16T06:58:00.000Z',
  }),
  ...lostStorageDriver(),
});
