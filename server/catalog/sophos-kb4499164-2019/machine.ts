import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const sophos = 'Program Files (x86)\\Sophos\\Sophos Anti-Virus\\SavService.exe';
const serviced = {
  revision: 24_384,
  servicedAt: '2019-03-13T18:20:03.000Z',
  stoppedAt: '2019-05-16T06:55:54.000Z',
};

/** An office machine: Windows is configuring the update when its virus protection stops it. */
export const machine = failingMachine({
  id: 'sophos-kb4499164-2019',
  title: 'Took KB4499164 beside Sophos Anti-Virus and hangs at "Configuring 30%"',
  name: 'OFFICE-1905',
  clockAt: '2019-05-16T07:02:00.000Z',
  windows: windowsOf('windows-7', serviced),
  installed: { drivers: [], securityProducts: ['Sophos Anti-Virus'] },
  fault: stopFault({
    status: 'hang',
    afterDrivers: true,
    because: tree => hasPackageOf(tree, 'KB4499164') && tree.read(sophos) !== undefined,
  }),
  byTool: [softwareHive],
  good: [sophos],
  install: tree => tree.write(sophos, Buffer.from('MZ'), new Date('2019-02-01T12:00:00.000Z')),
  update: {
    windows: windowsOf('windows-7', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB4499164~31bf3856ad364e35~amd64~~6.1.1.0',
          state: 0x60,
          installedAt: '2019-05-16T06:50:00.000Z',
        },
      ],
    }),
  },
});
