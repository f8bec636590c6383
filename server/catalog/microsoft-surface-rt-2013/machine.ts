import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const mark = 'Windows\\lab-firmware-unfinished';
const serviced = {
  revision: 16_384,
  servicedAt: '2013-10-17T18:20:03.000Z',
  stoppedAt: '2013-10-17T19:40:00.000Z',
};

/** A tablet that was switched off in the middle of its firmware's update. */
export const machine = failingMachine({
  id: 'microsoft-surface-rt-2013',
  title: 'Took Windows RT 8.1 with its firmware half updated and lacks boot configuration data',
  name: 'TABLET-1310',
  model: 'Microsoft Corporation Surface with Windows RT',
  clockAt: '2013-10-17T20:02:00.000Z',
  windows: windowsOf('windows-8.1', serviced),
  fault: stopFault({
    status: '0xc000000d',
    afterDrivers: false,
    loader: '\\BCD',
    because: tree => tree.read(mark) !== undefined,
  }),
  happen: tree => tree.write(mark, Buffer.from('half'), new Date('2013-10-17T19:50:00.000Z')),
});
