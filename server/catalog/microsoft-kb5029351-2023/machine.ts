import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A workstation whose owner had installed the newest BIOS in July. */
export const machine = failingMachine({
  id: 'microsoft-kb5029351-2023',
  title: 'Took KB5029351 with microcode 0x119 and stops with UNSUPPORTED_PROCESSOR',
  name: 'RENDER-07',
  model: 'Micro-Star MS-7D91',
  clockAt: '2023-08-24T18:02:00.000Z',
  windows: windowsOf('windows-11-22h2', {
    revision: 2134,
    servicedAt: '2023-08-09T18:20:03.000Z',
    stoppedAt: '2023-08-24T17:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 22_621,
    bugcheck: 0x5d,
    parameters: [0x1n, 0xb0671n, 0n, 0n],
    because: tree => hasPackageOf(tree, '~22621.2215.'),
  }),
  update: {
    windows: windowsOf('windows-11-22h2', {
      revision: 2215,
      servicedAt: '2023-08-24T17:44:00.000Z',
      stoppedAt: '2023-08-24T17:58:00.000Z',
    }),
  },
});
