import { buildHealthyMachine } from '../../../agent/lab/build-machine.ts';
import {
  channelFilePath,
  deliverChannelFile,
  installSensor,
  sensorInstallation,
} from '../../../agent/lab/crowdstrike-sensor.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';

/**
 * The same crash, and the reverted content fetched just before the second one, as the vendor advised ("reboot several
 * times"): that one is active now, so the bad file beside it is harmless and the machine starts untouched.
 */
export const nearMiss: LabMachine = {
  id: 'crowdstrike-2024-07-19-near-miss',
  title: 'Crashed in csagent.sys, and has the reverted channel file 291 of 05:27 UTC or later',
  bad: [],
  good: [channelFilePath(291, 31), channelFilePath(291, 32), channelFilePath(291, 33)],
  build: async (directory, { whileHealthy } = {}) => {
    const system = buildHealthyMachine(directory, {
      id: nearMiss.id,
      title: nearMiss.title,
      identity: {
        name: 'LAPTOP-4712',
        model: 'Contoso Book 14',
        serial: 'CB14-0004712',
        smbiosId: '8f1c6f0e-4712-4c1d-9a51-2f7b7c1d0a02',
      },
      clockAt: '2024-07-19T05:26:14.000Z',
      installed: sensorInstallation,
    });
    installSensor(system);
    tryBoot(directory);
    await whileHealthy?.();
    deliverChannelFile(system, 291, 32, '2024-07-19T04:09:33.000Z', 'bad');
    tryBoot(directory);
    tryBoot(directory);
    deliverChannelFile(system, 291, 33, '2024-07-19T05:27:52.000Z', 'good');
  },
};
