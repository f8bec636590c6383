import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const mark = 'Windows\\lab-asleep';

/** A notebook that woke up once more after its firmware was updated, into a repair loop. */
export const machine = failingMachine({
  id: 'dell-bios-2021',
  title: 'Is a Latitude 5320 with BIOS 1.14.3 and does not come back from sleep',
  name: 'LAT-5320',
  model: 'Dell Inc. Latitude 5320',
  firmwareVersion: '1.14.3',
  clockAt: '2021-12-21T07:02:00.000Z',
  windows: windowsOf('windows-10-20h2', {
    revision: 1415,
    servicedAt: '2021-12-15T18:20:03.000Z',
    stoppedAt: '2021-12-21T06:40:00.000Z',
  }),
  fault: stopFault({
    status: 'blue screen',
    afterDrivers: false,
    because: tree => tree.read(mark) !== undefined,
  }),
  happen: tree => tree.write(mark, Buffer.from('asleep'), new Date('2021-12-21T06:41:00.000Z')),
});
