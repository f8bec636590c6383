import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { systemHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';
import { smartSoundFault, smartSoundFile } from './smart-sound.ts';

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
  fault: smartSoundFault,
  mended: [systemHive],
  good: [smartSoundFile],
  happen: tree => {
    const linkedAt = new Date('2021-01-14T06:30:12.000Z');
    tree.write(smartSoundFile, buildDriverFile({ version: '10.29.0.4677', linkedAt }), linkedAt);
  },
});
