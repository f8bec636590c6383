import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const tool = 'Windows\\System32\\contoso-tuner.dll';

/** The same stop with the SSD of 1 TB, which is not affected: a tuning program ends csrss.exe. */
export const nearMiss = failingMachine({
  id: 'western-digital-hmb-24h2-near-miss',
  title: 'Runs 24H2 on a WD_BLACK SN770 of 1 TB and loses a critical process to a tuning program',
  name: 'GAMES-2411',
  clockAt: '2024-10-20T07:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 2033,
    servicedAt: '2024-10-12T06:30:00.000Z',
    stoppedAt: '2024-10-20T06:58:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      {
        hive: 'SYSTEM',
        path: 'Enum\\SCSI\\Disk&Ven_NVMe&Prod_WD_BLACK_SN770_1\\5&1d1de8d1&0&000000',
        values: [text('FriendlyName', 'WD_BLACK SN770 1TB')],
      },
    ],
  },
  fault: kernelFault({
    osBuild: 26_100,
    bugcheck: 0xef,
    parameters: [0xffff9a0b6f1c4080n, 0n, 0n, 0n],
    process: 'csrss.exe',
    because: tree => tree.read(tool) !== undefined,
  }),
  good: [tool],
  happen: tree => tree.write(tool, Buffer.from('MZ'), new Date('2024-10-20T06:50:00.000Z')),
});
