import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same Windows with the same update, and nothing in quarantine. */
export const nearMiss = failingMachine({
  id: 'symantec-haxdoor-2007-near-miss',
  title: 'Has KB924270 and both files, and lost its storage driver',
  name: 'SHANGHAI-19',
  clockAt: '2007-05-21T01:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 2180,
    servicedAt: '2006-11-16T02:20:03.000Z',
    stoppedAt: '2007-05-21T00:55:00.000Z',
  }),
  ...lostStorageDriver([
    'Windows\\System32\\netapi32.dll',
    'Windows\\System32\\lsasrv.dll',
    'Windows\\$NtUninstallKB924270$\\spuninst\\spuninst.exe',
  ]),
});
