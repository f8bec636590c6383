import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const audioFile = 'Windows\\System32\\drivers\\IntcAudioBus.sys';

/** The old driver is there, and something else stops Windows: the audio driver is not to be blamed for it. */
export const nearMiss = failingMachine({
  id: 'intel-smart-sound-windows-11-near-miss',
  title: 'Has IntcAudioBus.sys 10.30.0.5152 and stops in a display driver',
  name: 'SALES-1139',
  model: 'Contoso Book 13 G3',
  clockAt: '2021-12-03T09:20:00.000Z',
  windows: windowsOf('windows-11-21h2', {
    revision: 348,
    servicedAt: '2021-11-22T17:20:03.000Z',
    stoppedAt: '2021-12-03T09:18:11.000Z',
  }),
  installed: {
    drivers: [
      { name: 'IntcAudioBus', start: 1 },
      { name: 'ctdisp', start: 1 },
    ],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'ctdisp',
    file: 'Windows\\System32\\drivers\\ctdisp.sys',
    bugcheck: 0x50,
    offset: 0x4410,
    timeDateStamp: 0x61a01234,
    osBuild: 22_000,
    isFaulty: () => true,
  }),
  good: [audioFile],
  happen: tree => {
    const write = (file: string, version: string, at: string) =>
      tree.write(file, buildDriverFile({ version, linkedAt: new Date(at) }), new Date(at));
    write(audioFile, '10.30.0.5152', '2021-03-02T10:00:00.000Z');
    write('Windows\\System32\\drivers\\ctdisp.sys', '27.20.1.1', '2021-11-25T21:44:52.000Z');
  },
});
