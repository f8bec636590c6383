import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const storage = 'Windows\\System32\\drivers\\ctraid.sys';

/** Fails as early with the corrected update waiting: its storage driver is gone, and the update must still be installed. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb4041676-2017-near-miss',
  title: 'Has the corrected KB4041676 waiting and lost its storage driver',
  name: 'WSUS-0816',
  clockAt: '2017-10-12T22:02:00.000Z',
  windows: windowsOf('windows-10-1703', {
    revision: 608,
    servicedAt: '2017-09-13T18:20:03.000Z',
    stoppedAt: '2017-10-12T21:55:54.000Z',
    packages: [
      {
        name: 'Package_for_RollupFix~31bf3856ad364e35~amd64~~15063.674.1.8',
        state: 0x60,
        installedAt: '2017-10-12T21:40:00.000Z',
      },
    ],
  }),
  fault: stopFault({
    status: '0x0000007b',
    afterDrivers: false,
    because: tree => tree.read(storage) === undefined,
  }),
  install: tree => tree.write(storage, Buffer.from('MZ'), new Date('2017-01-20T12:00:00.000Z')),
  happen: tree => tree.remove(storage),
});
