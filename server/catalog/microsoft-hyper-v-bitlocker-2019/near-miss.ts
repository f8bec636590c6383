import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const mark = 'Windows\\lab-key-changed';

/** The same code and update without Hyper-V: the firmware was changed, and the key no longer fits. */
export const nearMiss = failingMachine({
  id: 'microsoft-hyper-v-bitlocker-2019-near-miss',
  title: 'Has the update of June 2019 without Hyper-V and stops with 0xc0210000',
  name: 'FILES-1906',
  clockAt: '2019-06-14T07:02:00.000Z',
  windows: windowsOf('server-2016', {
    revision: 3025,
    servicedAt: '2019-06-13T06:44:00.000Z',
    stoppedAt: '2019-06-14T06:58:00.000Z',
  }),
  fault: stopFault({
    status: '0xc0210000',
    afterDrivers: false,
    loader: '\\Windows\\system32\\winload.efi',
    because: tree => tree.read(mark) !== undefined,
  }),
  happen: tree => tree.write(mark, Buffer.from('other firmware'), new Date('2019-06-14T06:50:00.000Z')),
});
