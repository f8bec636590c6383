import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A file server as a guest, hardened with Secure Launch. */
export const machine = failingMachine({
  id: 'microsoft-kb5031364-2023',
  title: 'Took KB5031364 as a guest of ESXi on AMD EPYC and stops with PNP_DETECTED_FATAL_ERROR',
  name: 'FS-02',
  model: 'VMware, Inc. VMware20,1',
  clockAt: '2023-10-14T02:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 1970,
    servicedAt: '2023-09-13T01:20:03.000Z',
    stoppedAt: '2023-10-14T01:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 20_348,
    bugcheck: 0xca,
    parameters: [0x2n, 0xffffb28c5a2d3060n, 0n, 0n],
    because: tree => hasPackageOf(tree, '~20348.2031.'),
  }),
  update: {
    windows: windowsOf('server-2022', {
      revision: 2031,
      servicedAt: '2023-10-14T01:44:00.000Z',
      stoppedAt: '2023-10-14T01:58:00.000Z',
    }),
  },
});
