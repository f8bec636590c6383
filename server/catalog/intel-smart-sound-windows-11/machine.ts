import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { systemHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';

const file = 'Windows\\System32\\drivers\\IntcAudioBus.sys';

/** A notebook that was upgraded past the safeguard with the driver that its manufacturer shipped. */
export const machine = failingMachine({
  id: 'intel-smart-sound-windows-11',
  title: 'Upgraded to Windows 11 with IntcAudioBus.sys 10.29.0.4677 and stops in it',
  name: 'SALES-1138',
  model: 'Contoso Book 13 G3',
  clockAt: '2021-12-03T08:15:00.000Z',
  windows: windowsOf('windows-11-21h2', {
    revision: 348,
    servicedAt: '2021-11-22T17:20:03.000Z',
    stoppedAt: '2021-12-03T08:11:54.000Z',
  }),
  installed: { drivers: [{ name: 'IntcAudioBus', start: 1 }], securityProducts: [] },
  fault: driverFault({
    service: 'IntcAudioBus',
    file,
    bugcheck: 0xd1,
    offset: 0x9a30,
    timeDateStamp: 0x5fffe4d4,
    osBuild: 22_000,
    parameters: instruction => [0x28n, 2n, 0n, instruction],
    // The last number tells in either branch whether Intel has corrected it.
    isFaulty: version => Number(version.split('.')[3]) < 5714,
  }),
  mended: [systemHive],
  good: [file],
  happen: tree => {
    const linkedAt = new Date('2021-01-14T06:30:12.000Z');
    tree.write(file, buildDriverFile({ version: '10.29.0.4677', linkedAt }), linkedAt);
  },
});
