import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const moved = 'Windows\\Panther\\moved-to-another-board.txt';

/** A disk that was put into another machine: the code is the same, the microcode is not to blame. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5029351-2023-near-miss',
  title: 'Stops with UNSUPPORTED_PROCESSOR before the previews of August 2023',
  name: 'RENDER-08',
  model: 'Contoso Desk 5',
  clockAt: '2023-08-20T18:02:00.000Z',
  windows: windowsOf('windows-11-22h2', {
    revision: 2134,
    servicedAt: '2023-08-09T18:20:03.000Z',
    stoppedAt: '2023-08-20T17:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 22_621,
    bugcheck: 0x5d,
    parameters: [0x1n, 0x306c3n, 0n, 0n],
    because: tree => tree.read(moved) !== undefined,
  }),
  happen: tree => tree.write(moved, Buffer.from('moved'), new Date('2023-08-20T17:50:00.000Z')),
});
