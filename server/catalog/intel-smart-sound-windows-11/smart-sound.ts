import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';

/** The audio controller's driver below the Windows drive. */
export const smartSoundFile = 'Windows\\System32\\drivers\\IntcAudioBus.sys';

/** The last number of a version tells whether Intel has corrected it, in either branch. */
export const smartSoundFault = driverFault({
  service: 'IntcAudioBus',
  file: smartSoundFile,
  bugcheck: 0xd1,
  offset: 0x9a30,
  timeDateStamp: 0x5fffe4d4,
  osBuild: 22_000,
  parameters: instruction => [0x28n, 2n, 0n, instruction],
  isFaulty: version => Number(version.split('.')[3]) < 5714,
});
