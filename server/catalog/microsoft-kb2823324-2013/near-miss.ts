import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const logon = 'Windows\\System32\\contoso-logon.dll';

/** The same code with the update that replaced KB2823324: nothing there is to be removed. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb2823324-2013-near-miss',
  title: 'Has KB2840149 and stops with 0xc000021a for another reason',
  name: 'FILIAL-0032',
  clockAt: '2013-05-02T11:02:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 18_044,
    servicedAt: '2013-03-13T18:20:03.000Z',
    stoppedAt: '2013-05-02T10:55:54.000Z',
    packages: [
      {
        name: 'Package_for_KB2840149~31bf3856ad364e35~amd64~~6.1.1.0',
        state: 0x70,
        installedAt: '2013-04-24T10:50:00.000Z',
      },
    ],
  }),
  fault: kernelFault({
    osBuild: 7601,
    bugcheck: 0xc000021a,
    parameters: [0xfffff8a001c2d1a0n, 0xffffffffc0000135n, 0n, 0n],
    process: 'smss.exe',
    because: tree => tree.read(logon) === undefined,
  }),
  install: tree => tree.write(logon, Buffer.from('MZ'), new Date('2012-11-20T12:00:00.000Z')),
  happen: tree => tree.remove(logon),
});
