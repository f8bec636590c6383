import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const [program, filter] = ['Windows\\System32\\consrv-lab.dll', 'Windows\\System32\\drivers\\avgldx64.sys'];

/** Which program AVG took is not public; here it is one that only the lab needs. */
export const machine = failingMachine({
  id: 'avg-3292-2010',
  title: 'Took AVG update 3292 on 64-bit Windows 7 and stops with c0000135',
  name: 'HOME-1012',
  clockAt: '2010-12-02T19:02:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 16_385,
    servicedAt: '2010-11-10T02:20:03.000Z',
    stoppedAt: '2010-12-02T18:55:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 7601,
    bugcheck: 0xc0000135,
    parameters: [0xfffff8a0012c04c0n, 0n, 0n, 0n],
    process: 'smss.exe',
    because: tree => tree.read(program) === undefined && tree.read(filter) !== undefined,
  }),
  good: [filter],
  install: tree => {
    for (const file of [program, filter])
      tree.write(file, Buffer.from('MZ'), new Date('2010-11-10T02:20:03.000Z'));
  },
  happen: tree => tree.remove(program),
});
