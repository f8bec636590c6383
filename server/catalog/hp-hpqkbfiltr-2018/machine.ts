import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { systemHive } from '../../../agent/lab/read-registry.ts';
import { list, text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const file = 'Windows\\System32\\drivers\\HpqKbFiltr.sys';

/** An office desktop of HP: the filter came first and was harmless, then came the update. */
export const machine = failingMachine({
  id: 'hp-hpqkbfiltr-2018',
  title: 'Took KB4462919 with the keyboard filter of HP and stops in it at every start',
  name: 'OFFICE-0417',
  model: 'HP EliteDesk 800 G3',
  clockAt: '2018-10-10T06:40:00.000Z',
  windows: windowsOf('windows-10-1803', {
    revision: 345,
    servicedAt: '2018-10-10T06:12:00.000Z',
    stoppedAt: '2018-10-10T06:38:10.000Z',
  }),
  installed: {
    drivers: [{ name: 'HpqKbFiltr', start: 1 }],
    securityProducts: [],
    registry: [
      {
        hive: 'SYSTEM',
        path: 'Control\\Class\\{4d36e96b-e325-11ce-bfc1-08002be10318}',
        values: [text('Class', 'Keyboard'), list('UpperFilters', 'HpqKbFiltr', 'kbdclass')],
      },
    ],
  },
  fault: driverFault({
    service: 'HpqKbFiltr',
    file,
    bugcheck: 0x10d,
    offset: 0x2140,
    timeDateStamp: 0x5b7d3a10,
    osBuild: 17_134,
    parameters: instruction => [0x6n, 0x3n, instruction, 0n],
    isFaulty: () => true,
  }),
  mended: [systemHive],
  good: [file],
  happen: tree => {
    const linkedAt = new Date('2018-08-22T10:12:00.000Z');
    tree.write(file, buildDriverFile({ version: '11.0.3.1', linkedAt }), linkedAt);
  },
});
