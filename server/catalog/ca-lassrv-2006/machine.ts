import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A file server that cleans by itself. */
export const machine = failingMachine({
  id: 'ca-lassrv-2006',
  title: 'Lost lsass.exe to signature 30.3.3054 and does not start in any mode',
  name: 'FILES-2003',
  clockAt: '2006-09-01T09:02:00.000Z',
  windows: windowsOf('server-2003', {
    revision: 1830,
    servicedAt: '2006-08-09T02:20:03.000Z',
    stoppedAt: '2006-09-01T08:55:00.000Z',
  }),
  ...lostFile({
    lost: 'Windows\\System32\\lsass.exe',
    kept: ['Windows\\System32\\dllcache\\lsass.exe', 'Windows\\System32\\drivers\\ino_fltr.sys'],
    writtenAt: '2005-03-25T12:00:00.000Z',
    status: '0xc000021a',
    afterDrivers: true,
  }),
});
