import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same products with the corrected pattern. */
export const nearMiss = failingMachine({
  id: 'trend-micro-genericadv-2008-near-miss',
  title: 'Has Trend Micro and nlasvc.dll, and lost its storage driver',
  name: 'VISTA-0906',
  clockAt: '2008-09-06T07:02:00.000Z',
  windows: windowsOf('windows-vista', {
    revision: 18_000,
    servicedAt: '2008-08-13T02:20:03.000Z',
    stoppedAt: '2008-09-06T06:55:00.000Z',
  }),
  ...lostStorageDriver(['Windows\\System32\\nlasvc.dll', 'Windows\\System32\\drivers\\tmxpflt.sys']),
});
