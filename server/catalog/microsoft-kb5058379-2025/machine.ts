import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A business notebook with everything switched on in its firmware. */
export const machine = failingMachine({
  id: 'microsoft-kb5058379-2025',
  title: 'Took KB5058379 with Intel TXT and loses lsass.exe at every start',
  name: 'VPRO-0107',
  model: 'Contoso Book 14 vPro',
  clockAt: '2025-05-15T07:02:00.000Z',
  windows: windowsOf('windows-10-22h2', {
    revision: 5737,
    servicedAt: '2025-04-09T18:20:03.000Z',
    stoppedAt: '2025-05-15T06:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 19_041,
    bugcheck: 0xef,
    parameters: [0xffffb28c5a2d3060n, 0n, 0n, 0n],
    process: 'lsass.exe',
    because: tree => hasPackageOf(tree, '~19041.5854.'),
  }),
  update: {
    windows: windowsOf('windows-10-22h2', {
      revision: 5854,
      servicedAt: '2025-05-15T06:44:00.000Z',
      stoppedAt: '2025-05-15T06:58:00.000Z',
    }),
  },
});
