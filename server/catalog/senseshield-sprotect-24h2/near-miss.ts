import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const file = 'Windows\\System32\\drivers\\sprotect.sys';

/** The corrected driver, stopped by something else in it: not what Microsoft described, so nobody may touch it. */
export const nearMiss = failingMachine({
  id: 'senseshield-sprotect-24h2-near-miss',
  title: 'Stops in a corrected sprotect.sys on 24H2',
  name: 'CAD-0208',
  clockAt: '2025-10-20T07:41:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 6899,
    servicedAt: '2025-10-15T02:11:09.000Z',
    stoppedAt: '2025-10-20T07:39:02.000Z',
  }),
  installed: {
    drivers: [{ name: 'sprotect', start: 1, group: 'FSFilter Encryption' }],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'sprotect',
    file,
    bugcheck: 0x50,
    offset: 0x1020,
    timeDateStamp: 0x6890aa01,
    osBuild: 26_100,
    isFaulty: () => true,
  }),
  good: [file],
  happen: tree => {
    const linkedAt = new Date('2025-08-04T12:40:33.000Z');
    tree.write(file, buildDriverFile({ version: '1.0.4.60512', linkedAt }), linkedAt);
  },
});
