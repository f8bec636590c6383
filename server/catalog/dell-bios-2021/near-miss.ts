import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same notebook with the firmware before. */
export const nearMiss = failingMachine({
  id: 'dell-bios-2021-near-miss',
  title: 'Is a Latitude 5320 with BIOS 1.12.2 and lost its storage driver',
  name: 'LAT-5321',
  model: 'Dell Inc. Latitude 5320',
  firmwareVersion: '1.12.2',
  clockAt: '2021-12-21T07:02:00.000Z',
  windows: windowsOf('windows-10-20h2', {
    revision: 1415,
    servicedAt: '2021-12-15T18:20:03.000Z',
    stoppedAt: '2021-12-21T06:40:00.000Z',
  }),
  ...lostStorageDriver(),
});
