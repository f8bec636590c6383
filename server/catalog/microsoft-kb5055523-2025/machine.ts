import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A notebook that restarted into the update of April. */
export const machine = failingMachine({
  id: 'microsoft-kb5055523-2025',
  title: 'Took KB5055523 and stops in the secure kernel',
  name: 'FIELD-0311',
  clockAt: '2025-04-10T07:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 3194,
    servicedAt: '2025-02-12T18:20:03.000Z',
    stoppedAt: '2025-04-10T06:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 26_100,
    bugcheck: 0x18b,
    parameters: [0x184n, 0n, 0n, 0n],
    because: tree => hasPackageOf(tree, '~26100.3775.'),
  }),
  update: {
    windows: windowsOf('windows-11-24h2', {
      revision: 3775,
      servicedAt: '2025-04-10T06:44:00.000Z',
      stoppedAt: '2025-04-10T06:58:00.000Z',
    }),
  },
});
