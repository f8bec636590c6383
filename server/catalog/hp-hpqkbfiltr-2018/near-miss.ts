import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const [filter, bluetooth] = ['HpqKbFiltr', 'ctbthub'].map(
  name => `Windows\\System32\\drivers\\${name}.sys`,
) as [string, string];

/** The filter is there and works; the same code comes from a Bluetooth driver. */
export const nearMiss = failingMachine({
  id: 'hp-hpqkbfiltr-2018-near-miss',
  title: 'Has the keyboard filter of HP and stops with WDF_VIOLATION in a Bluetooth driver',
  name: 'OFFICE-0418',
  model: 'HP EliteDesk 800 G3',
  clockAt: '2018-10-18T06:40:00.000Z',
  windows: windowsOf('windows-10-1803', {
    revision: 345,
    servicedAt: '2018-10-10T06:12:00.000Z',
    stoppedAt: '2018-10-18T06:38:10.000Z',
  }),
  installed: {
    drivers: [
      { name: 'HpqKbFiltr', start: 1 },
      { name: 'ctbthub', start: 1 },
    ],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'ctbthub',
    file: bluetooth,
    bugcheck: 0x10d,
    offset: 0x3010,
    timeDateStamp: 0x5b9d3a10,
    osBuild: 17_134,
    isFaulty: () => true,
  }),
  good: [filter],
  happen: tree => {
    const linkedAt = new Date('2018-08-22T10:12:00.000Z');
    for (const file of [filter, bluetooth])
      tree.write(file, buildDriverFile({ version: '11.0.3.1', linkedAt }), linkedAt);
  },
});
