import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same server with the corrected signature. */
export const nearMiss = failingMachine({
  id: 'ca-lassrv-2006-near-miss',
  title: 'Has eTrust and lsass.exe, and lost its storage driver',
  name: 'FILES-2004',
  clockAt: '2006-09-02T09:02:00.000Z',
  windows: windowsOf('server-2003', {
    revision: 1830,
    servicedAt: '2006-08-09T02:20:03.000Z',
    stoppedAt: '2006-09-02T08:55:00.000Z',
  }),
  ...lostStorageDriver([
    'Windows\\System32\\lsass.exe',
    'Windows\\System32\\dllcache\\lsass.exe',
    'Windows\\System32\\drivers\\ino_fltr.sys',
  ]),
});
