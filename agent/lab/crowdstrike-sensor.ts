import { buildDriverFile } from './evidence/driver-file.ts';
import { buildChannelFile, channelFileName } from './faults/channel-file.ts';
import type { LabInstallation } from './install-hives.ts';
import type { LabTree } from './lab-tree.ts';

/** Where the sensor keeps its content, below the Windows drive. */
export const sensorFolder = 'Windows\\System32\\drivers\\CrowdStrike';

const company = 'CrowdStrike, Inc.';
const installedAt = new Date('2024-06-04T22:17:32.000Z');
const fields = (count: number, last = '*') => [...Array.from({ length: count - 1 }, () => '*'), last];

/** The sensor as the registry tells of it. */
export const sensorInstallation: LabInstallation = {
  drivers: [
    {
      name: 'CSAgent',
      start: 1,
      group: 'FSFilter Activity Monitor',
      imagePath: '\\??\\C:\\Windows\\system32\\drivers\\CrowdStrike\\csagent.sys',
    },
    {
      name: 'CSBoot',
      start: 0,
      group: 'Early-Launch',
      imagePath: 'system32\\drivers\\CrowdStrike\\csboot.sys',
    },
  ],
  securityProducts: ['CrowdStrike Falcon Sensor'],
};

/** Path of a channel file below the Windows drive. */
export const channelFilePath = (channel: number, version: number): string =>
  `${sensorFolder}\\${channelFileName({ channel, version })}`;

/** Puts the sensor there, with content for some channels that was good for weeks. */
export function installSensor(tree: LabTree): void {
  const [agent, boot] = ['7.15.18513.0', '7.15.18513.0'];
  tree.write(
    `${sensorFolder}\\csagent.sys`,
    buildDriverFile({ version: agent, linkedAt: installedAt, company }),
    installedAt,
  );
  tree.write(
    `${sensorFolder}\\csboot.sys`,
    buildDriverFile({ version: boot, linkedAt: installedAt, company }),
    installedAt,
  );
  for (const [channel, version, writtenAt] of [
    [7, 4, '2024-06-20T11:02:51.000Z'],
    [285, 12, '2024-07-02T08:15:09.000Z'],
    [290, 3, '2024-07-11T16:44:20.000Z'],
    [292, 9, '2024-07-19T04:11:02.000Z'],
  ] as const)
    deliverChannelFile(tree, channel, version, writtenAt, 'good');
  deliverChannelFile(tree, 291, 31, '2024-07-12T02:31:40.000Z', 'good');
}

/** Content arrives. Bad content asks for a field that the sensor does not have: a 21st criterion that is no `*`. */
export function deliverChannelFile(
  tree: LabTree,
  channel: number,
  version: number,
  writtenAt: string,
  content: 'good' | 'bad',
): void {
  const pipe = content === 'bad' ? 'pipe\\????-c2-*' : '*';
  const instances = [fields(21), fields(21, pipe)];
  tree.write(
    channelFilePath(channel, version),
    buildChannelFile({ channel, version, instances }),
    new Date(writtenAt),
  );
}
