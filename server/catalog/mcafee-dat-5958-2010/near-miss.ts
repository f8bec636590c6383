import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { dword } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** Has the bad definitions and its svchost.exe: the network was unplugged before the scanner got to it. */
export const nearMiss = failingMachine({
  id: 'mcafee-dat-5958-2010-near-miss',
  title: 'Has DAT 5958 and svchost.exe, and lost its storage driver',
  name: 'CLASS-0413',
  clockAt: '2010-04-21T16:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2010-04-14T18:20:03.000Z',
    stoppedAt: '2010-04-21T15:51:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [{ hive: 'SOFTWARE', path: 'McAfee\\AVEngine', values: [dword('AVDatVersion', 5958)] }],
  },
  ...lostStorageDriver(['Windows\\System32\\svchost.exe', 'Windows\\System32\\dllcache\\svchost.exe']),
});
