import { buildHealthyMachine } from '../../../agent/lab/build-machine.ts';
import {
  channelFilePath,
  deliverChannelFile,
  installSensor,
  sensorFolder,
  sensorInstallation,
} from '../../../agent/lab/crowdstrike-sensor.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';

const laptop = {
  name: 'LAPTOP-4711',
  model: 'Contoso Book 14',
  serial: 'CB14-0004711',
  smbiosId: '8f1c6f0e-4711-4c1d-9a51-2f7b7c1d0a01',
};

/** A machine that was online at 04:09 UTC on 19 July 2024, took the bad content and cannot start. */
export const machine: LabMachine = {
  id: 'crowdstrike-2024-07-19',
  title: 'Takes the channel file 291 of 19 July 2024 and crashes in csagent.sys at every start',
  bad: [channelFilePath(291, 32)],
  good: [
    channelFilePath(7, 4),
    channelFilePath(285, 12),
    channelFilePath(290, 3),
    channelFilePath(291, 31),
    channelFilePath(292, 9),
    `${sensorFolder}\\csagent.sys`,
  ],
  build: async (directory, { whileHealthy, identity = laptop } = {}) => {
    const system = buildHealthyMachine(directory, {
      id: machine.id,
      title: machine.title,
      identity,
      clockAt: '2024-07-19T04:21:07.000Z',
      installed: sensorInstallation,
    });
    installSensor(system);
    tryBoot(directory);
    await whileHealthy?.();
    deliverChannelFile(system, 291, 32, '2024-07-19T04:09:33.000Z', 'bad');
    tryBoot(directory);
    tryBoot(directory);
  },
};
