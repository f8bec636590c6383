import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const storage = 'Windows\\System32\\drivers\\ctraid.sys';

/** The update went in well, as on most machines: this one has no Sure Start and lost a driver. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb4524244-2020-near-miss',
  title: 'Has KB4524244 on a machine of another maker and lost its storage driver',
  name: 'ELITE-0736',
  model: 'Contoso Book 14',
  clockAt: '2020-02-14T08:02:00.000Z',
  windows: windowsOf('windows-10-1809', {
    revision: 1039,
    servicedAt: '2020-02-12T01:20:03.000Z',
    stoppedAt: '2020-02-14T07:40:00.000Z',
    packages: [
      {
        name: 'Package_for_KB4524244~31bf3856ad364e35~amd64~~10.0.1.1',
        state: 0x70,
        installedAt: '2020-02-13T07:55:00.000Z',
      },
    ],
  }),
  fault: stopFault({
    status: '0x0000007b',
    afterDrivers: false,
    because: tree => tree.read(storage) === undefined,
  }),
  install: tree => tree.write(storage, Buffer.from('MZ'), new Date('2019-01-20T12:00:00.000Z')),
  happen: tree => tree.remove(storage),
});
