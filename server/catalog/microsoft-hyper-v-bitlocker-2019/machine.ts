import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { findServiceOf, hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A virtualization host; somebody typed the recovery password, so that its volume can be read. */
export const machine = failingMachine({
  id: 'microsoft-hyper-v-bitlocker-2019',
  title: 'Took the update of June 2019 with Hyper-V and asks for the BitLocker key at every start',
  name: 'HOST-1906',
  clockAt: '2019-06-13T07:02:00.000Z',
  windows: windowsOf('server-2016', {
    revision: 2941,
    servicedAt: '2019-04-11T18:20:03.000Z',
    stoppedAt: '2019-06-13T06:40:00.000Z',
  }),
  installed: { drivers: [{ name: 'vmms', start: 2 }], securityProducts: [] },
  fault: stopFault({
    status: '0xc0210000',
    afterDrivers: false,
    loader: '\\Windows\\system32\\winload.efi',
    because: tree => hasPackageOf(tree, '~14393.3025.') && findServiceOf(tree, 'vmms') !== undefined,
  }),
  update: {
    windows: windowsOf('server-2016', {
      revision: 3025,
      servicedAt: '2019-06-13T06:44:00.000Z',
      stoppedAt: '2019-06-13T06:58:00.000Z',
    }),
  },
});
