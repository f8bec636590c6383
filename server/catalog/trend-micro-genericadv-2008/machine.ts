import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A machine at home that was restarted after the scan of the night. */
export const machine = failingMachine({
  id: 'trend-micro-genericadv-2008',
  title: 'Lost nlasvc.dll to pattern 5.525.50 and stops at the next start',
  name: 'VISTA-0905',
  clockAt: '2008-09-05T07:02:00.000Z',
  windows: windowsOf('windows-vista', {
    revision: 18_000,
    servicedAt: '2008-08-13T02:20:03.000Z',
    stoppedAt: '2008-09-05T06:55:00.000Z',
  }),
  ...lostFile({
    lost: 'Windows\\System32\\nlasvc.dll',
    kept: ['Windows\\System32\\drivers\\tmxpflt.sys', 'Windows\\System32\\wextract.exe'],
    writtenAt: '2008-01-19T07:00:00.000Z',
    status: 'blue screen',
    afterDrivers: true,
  }),
});
