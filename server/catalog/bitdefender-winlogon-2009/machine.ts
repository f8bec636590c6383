import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** One of the twenty branches that Heise tells of. */
export const machine = failingMachine({
  id: 'bitdefender-winlogon-2009',
  title: 'Lost winlogon.exe to signatures of 13 February 2009',
  name: 'BRANCH-13',
  clockAt: '2009-02-13T10:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2009-02-11T02:20:03.000Z',
    stoppedAt: '2009-02-13T09:55:00.000Z',
  }),
  ...lostFile({
    lost: 'Windows\\System32\\winlogon.exe',
    kept: ['Windows\\ServicePackFiles\\i386\\winlogon.exe', 'Windows\\System32\\drivers\\bdfsfltr.sys'],
    writtenAt: '2008-04-14T12:00:00.000Z',
    status: '0xc000021a',
    afterDrivers: true,
  }),
});
