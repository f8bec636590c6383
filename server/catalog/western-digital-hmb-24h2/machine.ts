import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { readHiveOf, systemHive } from '../../../agent/lab/read-registry.ts';
import { dword, text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';
import type { LabTree } from '../../../agent/lab/lab-tree.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';

/** 0 is off, 1 the least that the disk needs, 2 what it asks for. */
function isBufferOn(tree: LabTree): boolean {
  const hive = readHiveOf(tree, 'SYSTEM');
  const key = hive?.findKey('ControlSet001\\Control\\StorPort');
  return !hive || new RegistryReader(hive).findNumber(key, 'HmbAllocationPolicy') !== 0;
}

/** A machine for games that got its new Windows by hand. */
export const machine = failingMachine({
  id: 'western-digital-hmb-24h2',
  title: 'Runs 24H2 on a WD_BLACK SN770 of 2 TB and loses a critical process at start',
  name: 'GAMES-2410',
  clockAt: '2024-10-12T07:02:00.000Z',
  windows: windowsOf('windows-11-23h2', {
    revision: 4317,
    servicedAt: '2024-10-09T18:20:03.000Z',
    stoppedAt: '2024-10-12T05:40:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      { hive: 'SYSTEM', path: 'Control\\StorPort', values: [dword('TelemetryPerformanceEnabled', 1)] },
      {
        hive: 'SYSTEM',
        path: 'Enum\\SCSI\\Disk&Ven_NVMe&Prod_WD_BLACK_SN770_2\\5&1d1de8d1&0&000000',
        values: [text('FriendlyName', 'WD_BLACK SN770 2TB')],
      },
    ],
  },
  fault: kernelFault({
    osBuild: 26_100,
    bugcheck: 0xef,
    parameters: [0xffff9a0b6f1c4080n, 0n, 0n, 0n],
    process: 'csrss.exe',
    because: tree => isBufferOn(tree) && tree.read('Windows\\lab-24h2') !== undefined,
  }),
  mended: [systemHive],
  good: ['Windows\\lab-24h2'],
  update: {
    windows: windowsOf('windows-11-24h2', {
      revision: 2033,
      servicedAt: '2024-10-12T06:30:00.000Z',
      stoppedAt: '2024-10-12T06:58:00.000Z',
    }),
  },
  happen: tree => tree.write('Windows\\lab-24h2', Buffer.from('26100'), new Date('2024-10-12T06:30:00.000Z')),
});
