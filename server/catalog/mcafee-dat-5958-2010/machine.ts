import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostFile } from '../../../agent/lab/faults/lost-file.ts';
import { dword } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A school computer on the afternoon of 21 April 2010: the scanner has just cleaned. */
export const machine = failingMachine({
  id: 'mcafee-dat-5958-2010',
  title: 'Lost svchost.exe to DAT 5958 and restarts in a loop',
  name: 'CLASS-0412',
  clockAt: '2010-04-21T15:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2010-04-14T18:20:03.000Z',
    stoppedAt: '2010-04-21T14:51:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [{ hive: 'SOFTWARE', path: 'McAfee\\AVEngine', values: [dword('AVDatVersion', 5958)] }],
  },
  ...lostFile({
    lost: 'Windows\\System32\\svchost.exe',
    kept: ['Windows\\System32\\dllcache\\svchost.exe'],
    writtenAt: '2008-04-14T12:00:00.000Z',
    status: 'no network, then a shutdown',
    afterDrivers: true,
  }),
});
