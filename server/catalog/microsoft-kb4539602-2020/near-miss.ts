import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const packageOf = (kb: string) => ({
  name: `Package_for_${kb}~31bf3856ad364e35~amd64~~6.1.1.3`,
  state: 0x70,
  installedAt: '2020-02-10T18:20:03.000Z',
});

/** The same update with all that has to come before it. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb4539602-2020-near-miss',
  title: 'Has KB4539602 after KB4474419 and KB4490628, and lost its storage driver',
  name: 'OFFICE-2003',
  clockAt: '2020-02-12T18:25:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 24_540,
    servicedAt: '2020-01-15T18:20:03.000Z',
    stoppedAt: '2020-02-12T18:21:00.000Z',
    packages: ['KB4490628', 'KB4474419', 'KB4539602'].map(packageOf),
  }),
  ...lostStorageDriver(),
});
