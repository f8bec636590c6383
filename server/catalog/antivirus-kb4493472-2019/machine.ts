import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const protection = 'Program Files\\AVAST Software\\Avast\\AvastSvc.exe';
const serviced = {
  revision: 24_384,
  servicedAt: '2019-03-13T18:20:03.000Z',
  stoppedAt: '2019-04-11T06:55:54.000Z',
};

/** An office machine: its virus protection waits for a program that waits for it. */
export const machine = failingMachine({
  id: 'antivirus-kb4493472-2019',
  title: 'Took KB4493472 beside Avast for business and hangs before anybody can log on',
  name: 'OFFICE-1904',
  clockAt: '2019-04-11T07:02:00.000Z',
  windows: windowsOf('windows-7', serviced),
  installed: { drivers: [], securityProducts: ['Avast Business Antivirus'] },
  fault: stopFault({
    status: 'hang',
    afterDrivers: true,
    because: tree => hasPackageOf(tree, 'KB4493472') && tree.read(protection) !== undefined,
  }),
  byTool: [softwareHive],
  good: [protection],
  install: tree => tree.write(protection, Buffer.from('MZ'), new Date('2019-02-01T12:00:00.000Z')),
  update: {
    windows: windowsOf('windows-7', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB4493472~31bf3856ad364e35~amd64~~6.1.1.0',
          state: 0x70,
          installedAt: '2019-04-11T06:50:00.000Z',
        },
      ],
    }),
  },
});
