import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A developer's machine in the cloud, which takes previews. */
export const machine = failingMachine({
  id: 'microsoft-kb5039302-2024',
  title: 'Took the preview KB5039302 in a virtual machine and restarts again and again',
  name: 'DEVBOX-06',
  model: 'Microsoft Corporation Virtual Machine',
  clockAt: '2024-06-26T07:02:00.000Z',
  windows: windowsOf('windows-11-23h2', {
    revision: 3737,
    servicedAt: '2024-06-12T18:20:03.000Z',
    stoppedAt: '2024-06-26T06:40:00.000Z',
  }),
  fault: stopFault({
    status: 'restart',
    afterDrivers: true,
    because: tree => hasPackageOf(tree, '~22621.3810.'),
  }),
  update: {
    windows: windowsOf('windows-11-23h2', {
      revision: 3810,
      servicedAt: '2024-06-26T06:44:00.000Z',
      stoppedAt: '2024-06-26T06:58:00.000Z',
    }),
  },
});
