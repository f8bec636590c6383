import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const storage = 'Windows\\System32\\drivers\\ctraid.sys';

/** The update beside another virus protection, which it gets on with: the machine lost a driver. */
export const nearMiss = failingMachine({
  id: 'antivirus-kb4493472-2019-near-miss',
  title: 'Has KB4493472 beside another virus protection and lost its storage driver',
  name: 'OFFICE-1907',
  clockAt: '2019-04-15T07:02:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 24_384,
    servicedAt: '2019-03-13T18:20:03.000Z',
    stoppedAt: '2019-04-15T06:55:54.000Z',
    packages: [
      {
        name: 'Package_for_KB4493472~31bf3856ad364e35~amd64~~6.1.1.0',
        state: 0x70,
        installedAt: '2019-04-11T06:50:00.000Z',
      },
    ],
  }),
  installed: { drivers: [], securityProducts: ['Contoso Shield'] },
  fault: stopFault({
    status: '0x0000007b',
    afterDrivers: false,
    because: tree => tree.read(storage) === undefined,
  }),
  install: tree => tree.write(storage, Buffer.from('MZ'), new Date('2018-01-20T12:00:00.000Z')),
  happen: tree => tree.remove(storage),
});
