import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** An office in Shanghai on Friday morning: the scan of the night found something. */
export const machine = failingMachine({
  id: 'symantec-haxdoor-2007',
  title: 'Lost netapi32.dll to definitions of 17 May 2007 and stops after the logo',
  name: 'SHANGHAI-18',
  clockAt: '2007-05-18T01:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 2180,
    servicedAt: '2006-11-16T02:20:03.000Z',
    stoppedAt: '2007-05-18T00:55:00.000Z',
  }),
  ...lostFile({
    lost: 'Windows\\System32\\netapi32.dll',
    kept: [
      'Windows\\System32\\lsasrv.dll',
      'Windows\\$NtUninstallKB924270$\\spuninst\\spuninst.exe',
      'Windows\\$NtUninstallKB924270$\\netapi32.dll',
    ],
    writtenAt: '2006-11-16T02:20:03.000Z',
    status: '0xc0000135',
    afterDrivers: true,
  }),
});
