import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** Stops with the same code and has AVG; what it misses is another file, which a person deleted. */
export const nearMiss = failingMachine({
  id: 'avg-banker4-2008-near-miss',
  title: 'Has AVG and user32.dll, and stops with c0000135 for want of winsrv.dll',
  name: 'HOME-0812',
  clockAt: '2008-11-12T19:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2008-10-24T02:20:03.000Z',
    stoppedAt: '2008-11-12T18:55:00.000Z',
  }),
  ...lostFile({
    lost: 'Windows\\System32\\winsrv.dll',
    kept: [
      'Windows\\System32\\user32.dll',
      'Windows\\System32\\dllcache\\user32.dll',
      'Windows\\System32\\drivers\\avgldx86.sys',
    ],
    writtenAt: '2008-04-14T12:00:00.000Z',
    status: '0xc0000135',
    afterDrivers: true,
  }),
});
