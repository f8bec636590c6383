import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { damageMark } from '../../../agent/lab/tools/chkdsk.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** Somebody had CHKDSK look at a slow machine. */
export const machine = failingMachine({
  id: 'microsoft-kb4592438-2020',
  title: 'Had its file system damaged by CHKDSK with KB4592438',
  name: 'SLOW-2012',
  clockAt: '2020-12-17T07:02:00.000Z',
  windows: windowsOf('windows-10-20h2', {
    revision: 685,
    servicedAt: '2020-12-10T18:20:03.000Z',
    stoppedAt: '2020-12-17T06:55:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 19_041,
    bugcheck: 0x24,
    parameters: [0x000000b500190645n, 0xffffd08b3a5a9088n, 0xffffd08b3a5a88d0n, 0n],
    because: tree => tree.read(damageMark) !== undefined,
  }),
  byTool: [damageMark],
  happen: tree => tree.write(damageMark, Buffer.from('damaged'), new Date('2020-12-17T06:56:00.000Z')),
});
