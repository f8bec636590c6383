import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** Somebody downloaded the installation assistant rather than wait. */
export const machine = failingMachine({
  id: 'asus-x415ka-24h2',
  title: 'Was upgraded to 24H2 by hand on an ASUS X415KA and stops',
  name: 'ASUS-2410',
  model: 'ASUSTeK COMPUTER INC. VivoBook_ASUSLaptop X415KA_X415KA',
  clockAt: '2024-10-14T07:02:00.000Z',
  windows: windowsOf('windows-11-23h2', {
    revision: 4317,
    servicedAt: '2024-10-09T18:20:03.000Z',
    stoppedAt: '2024-10-14T05:40:00.000Z',
  }),
  fault: stopFault({
    status: 'blue screen',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, '~26100.1742.'),
  }),
  update: {
    windows: windowsOf('windows-11-24h2', {
      revision: 1742,
      servicedAt: '2024-10-14T06:30:00.000Z',
      stoppedAt: '2024-10-14T06:58:00.000Z',
    }),
  },
});
