import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same file is gone; no scanner of the two is there, and what took it is not known. */
export const nearMiss = failingMachine({
  id: 'bitdefender-winlogon-2009-near-miss',
  title: 'Lost winlogon.exe to another virus scanner in October 2009',
  name: 'BRANCH-14',
  clockAt: '2009-10-28T10:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2009-10-14T02:20:03.000Z',
    stoppedAt: '2009-10-28T09:55:00.000Z',
  }),
  ...lostFile({
    lost: 'Windows\\System32\\winlogon.exe',
    kept: ['Windows\\ServicePackFiles\\i386\\winlogon.exe', 'Windows\\System32\\drivers\\sbapifs.sys'],
    writtenAt: '2008-04-14T12:00:00.000Z',
    status: '0xc000021a',
    afterDrivers: true,
  }),
});
