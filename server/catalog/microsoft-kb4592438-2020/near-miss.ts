import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const mark = 'Windows\\lab-disk-fails';

/** The same stop in October: the disk is failing, and a repair would make it worse. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb4592438-2020-near-miss',
  title: 'Stops with NTFS_FILE_SYSTEM before KB4592438',
  name: 'SLOW-2010',
  clockAt: '2020-10-27T07:02:00.000Z',
  windows: windowsOf('windows-10-20h2', {
    revision: 572,
    servicedAt: '2020-10-14T18:20:03.000Z',
    stoppedAt: '2020-10-27T06:55:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 19_041,
    bugcheck: 0x24,
    parameters: [0x000000b500190645n, 0xffffd08b3a5a9088n, 0xffffd08b3a5a88d0n, 0n],
    because: tree => tree.read(mark) !== undefined,
  }),
  happen: tree => tree.write(mark, Buffer.from('bad sectors'), new Date('2020-10-27T06:50:00.000Z')),
});
