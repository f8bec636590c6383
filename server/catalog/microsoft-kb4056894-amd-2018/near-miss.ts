import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const verifier = 'Windows\\System32\\drivers\\ctsound.sys';

/** The same code without the update: somebody left Driver Verifier on, and it found something. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb4056894-amd-2018-near-miss',
  title: 'Stops with 0xc4 of Driver Verifier before the updates of January 2018',
  name: 'TILL-0065',
  clockAt: '2018-01-02T07:02:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 23_964,
    servicedAt: '2017-12-13T18:20:03.000Z',
    stoppedAt: '2018-01-02T06:55:54.000Z',
  }),
  fault: kernelFault({
    osBuild: 7601,
    bugcheck: 0xc4,
    parameters: [0x81n, 0xfffffa8003d2e010n, 0x86n, 0n],
    because: tree => tree.read(verifier) !== undefined,
  }),
  good: [verifier],
  happen: tree => tree.write(verifier, Buffer.from('MZ'), new Date('2018-01-02T06:50:00.000Z')),
});
