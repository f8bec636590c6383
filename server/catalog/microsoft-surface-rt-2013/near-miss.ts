import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const mark = 'Windows\\lab-entry-deleted';

/** The same code on a desk machine: somebody deleted an entry. */
export const nearMiss = failingMachine({
  id: 'microsoft-surface-rt-2013-near-miss',
  title: 'Stops with 0xc000000d on a desk machine with Windows 8.1',
  name: 'DESK-1310',
  clockAt: '2013-10-21T20:02:00.000Z',
  windows: windowsOf('windows-8.1', {
    revision: 16_384,
    servicedAt: '2013-10-17T18:20:03.000Z',
    stoppedAt: '2013-10-21T19:40:00.000Z',
  }),
  fault: stopFault({
    status: '0xc000000d',
    afterDrivers: false,
    loader: '\\BCD',
    because: tree => tree.read(mark) !== undefined,
  }),
  happen: tree => tree.write(mark, Buffer.from('gone'), new Date('2013-10-21T19:50:00.000Z')),
});
