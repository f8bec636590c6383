import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const files = ['Windows\\System32\\hidparse.sys', 'Windows\\System32\\drivers\\hidparse.sys'];

/** The same code with the update that no longer causes it, and both files alike: a logon program is gone. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5021233-2022-near-miss',
  title: 'Has KB5022282 and stops with 0xc000021a for another reason',
  name: 'DESK-2104',
  clockAt: '2023-01-19T07:02:00.000Z',
  windows: windowsOf('windows-10-22h2', {
    revision: 2486,
    servicedAt: '2023-01-11T18:20:03.000Z',
    stoppedAt: '2023-01-19T06:59:30.000Z',
  }),
  fault: kernelFault({
    osBuild: 19_041,
    bugcheck: 0xc000021a,
    parameters: [0xffffa08c2e4b1a30n, 0xffffffffc0000135n, 0n, 0n],
    process: 'smss.exe',
    because: tree => tree.read('Windows\\System32\\contoso-logon.dll') === undefined,
  }),
  good: files,
  install: tree => {
    const at = new Date('2023-01-05T03:44:51.000Z');
    for (const file of [...files, 'Windows\\System32\\contoso-logon.dll'])
      tree.write(file, buildDriverFile({ version: '10.0.19041.2486', linkedAt: at }), at);
  },
  happen: tree => tree.remove('Windows\\System32\\contoso-logon.dll'),
});
