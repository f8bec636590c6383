import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const driver = 'Windows\\System32\\drivers\\ctbus.sys';

/** The same update and code on a machine of its own: a bus driver tells of one device twice. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5031364-2023-near-miss',
  title: 'Has KB5031364 on its own hardware and stops with PNP_DETECTED_FATAL_ERROR',
  name: 'FS-03',
  model: 'Contoso Rack 2',
  clockAt: '2023-10-20T02:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 2031,
    servicedAt: '2023-10-14T01:44:00.000Z',
    stoppedAt: '2023-10-20T01:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 20_348,
    bugcheck: 0xca,
    parameters: [0x1n, 0xffffb28c5a2d3060n, 0xffffb28c5a2d4060n, 0n],
    because: tree => tree.read(driver) !== undefined,
  }),
  happen: tree => tree.write(driver, Buffer.from('MZ'), new Date('2023-10-20T01:30:00.000Z')),
});
