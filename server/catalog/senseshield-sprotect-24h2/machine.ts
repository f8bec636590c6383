import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { systemHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const file = 'Windows\\System32\\drivers\\sprotect.sys';
const upgradedAt = '2025-03-27T09:12:40.000Z';

/** A machine with encryption software of 2022 that was upgraded to 24H2 by hand, past the safeguard. */
export const machine = failingMachine({
  id: 'senseshield-sprotect-24h2',
  title: 'Upgraded to 24H2 with sprotect.sys 1.0.3.48903 and stops in it at every start',
  name: 'CAD-0207',
  clockAt: '2025-03-27T10:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 3476,
    servicedAt: upgradedAt,
    stoppedAt: '2025-03-27T09:58:31.000Z',
  }),
  installed: {
    drivers: [{ name: 'sprotect', start: 1, group: 'FSFilter Encryption' }],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'sprotect',
    file,
    bugcheck: 0x50,
    offset: 0x21c40,
    timeDateStamp: 0x62b1f00d,
    osBuild: 26_100,
    // Which versions stop on 24H2 is Microsoft's list.
    isFaulty: version => ['1.0.2.372', '1.0.3.48903'].includes(version),
  }),
  mended: [systemHive],
  good: [file],
  happen: tree => {
    const linkedAt = new Date('2022-06-21T16:21:49.000Z');
    tree.write(file, buildDriverFile({ version: '1.0.3.48903', linkedAt }), linkedAt);
  },
});
