import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A virtual server that was restarted for the second time since the patch day. */
export const machine = failingMachine({
  id: 'microsoft-kb5022842-2023',
  title: 'Took KB5022842 under VMware with Secure Boot and finds no operating system',
  name: 'VM-2302',
  model: 'VMware, Inc. VMware7,1',
  clockAt: '2023-02-17T03:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 1487,
    servicedAt: '2023-01-11T18:20:03.000Z',
    stoppedAt: '2023-02-15T02:40:00.000Z',
  }),
  fault: stopFault({
    status: 'SECUREBOOT: Image DENIED',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, '~20348.1547.'),
  }),
  update: {
    windows: windowsOf('server-2022', {
      revision: 1547,
      servicedAt: '2023-02-15T02:44:00.000Z',
      stoppedAt: '2023-02-17T02:58:00.000Z',
    }),
  },
});
