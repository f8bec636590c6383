import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const program = 'Windows\\System32\\contoso-logon.dll';

/** The same code without AVG: somebody cleaned up by hand. */
export const nearMiss = failingMachine({
  id: 'avg-3292-2010-near-miss',
  title: 'Has no AVG and stops with c0000135 for want of a logon program',
  name: 'HOME-1013',
  clockAt: '2010-12-06T19:02:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 16_385,
    servicedAt: '2010-11-10T02:20:03.000Z',
    stoppedAt: '2010-12-06T18:55:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 7601,
    bugcheck: 0xc0000135,
    parameters: [0xfffff8a0012c04c0n, 0n, 0n, 0n],
    process: 'smss.exe',
    because: tree => tree.read(program) === undefined,
  }),
  install: tree => tree.write(program, Buffer.from('MZ'), new Date('2010-11-10T02:20:03.000Z')),
  happen: tree => tree.remove(program),
});
