import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const driver = 'Windows\\System32\\drivers\\atapi.sys';
const mark = 'Windows\\lab-disk-fails';

/** A crash in the same driver before the update was out: the disk is failing. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb977165-2010-near-miss',
  title: 'Stops in atapi.sys without KB977165',
  name: 'HOME-1001',
  clockAt: '2010-02-02T19:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2010-01-13T02:20:03.000Z',
    stoppedAt: '2010-02-02T18:55:00.000Z',
  }),
  installed: { drivers: [{ name: 'atapi', start: 0 }], securityProducts: [] },
  fault: driverFault({
    service: 'atapi',
    file: driver,
    bugcheck: 0x7a,
    offset: 0x1f04,
    timeDateStamp: 0x4802539d,
    osBuild: 2600,
    isFaulty: () => true,
    alsoNeeds: tree => tree.read(mark) !== undefined,
  }),
  good: [driver],
  install: tree => {
    const linkedAt = new Date('2008-04-13T18:40:29.000Z');
    tree.write(driver, buildDriverFile({ version: '5.1.2600.5512', linkedAt }), linkedAt);
  },
  happen: tree => tree.write(mark, Buffer.from('bad sectors'), new Date('2010-02-02T18:50:00.000Z')),
});
