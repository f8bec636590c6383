import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A small notebook of the field staff. */
export const machine = failingMachine({
  id: 'microsoft-kb4467691-2018',
  title: 'Took KB4467691 with 4 GB of memory and does not start',
  name: 'FIELD-1811',
  model: 'LENOVO 20J4000LMZ',
  memoryMB: 4096,
  clockAt: '2018-11-15T07:02:00.000Z',
  windows: windowsOf('windows-10-1607', {
    revision: 2580,
    servicedAt: '2018-10-18T18:20:03.000Z',
    stoppedAt: '2018-11-15T06:40:00.000Z',
  }),
  fault: stopFault({
    status: 'no start',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, '~14393.2608.'),
  }),
  update: {
    windows: windowsOf('windows-10-1607', {
      revision: 2608,
      servicedAt: '2018-11-15T06:44:00.000Z',
      stoppedAt: '2018-11-15T06:58:00.000Z',
    }),
  },
});
