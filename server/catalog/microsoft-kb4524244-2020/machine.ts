import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const serviced = {
  revision: 1039,
  servicedAt: '2020-02-12T01:20:03.000Z',
  stoppedAt: '2020-02-13T07:40:00.000Z',
};

/** An EliteBook: the keys in its firmware are not what Sure Start remembers. */
export const machine = failingMachine({
  id: 'microsoft-kb4524244-2020',
  title: 'Took KB4524244 on an HP with Sure Start and is stopped by its firmware',
  name: 'ELITE-0735',
  model: 'HP EliteBook 735 G5',
  clockAt: '2020-02-13T08:02:00.000Z',
  windows: windowsOf('windows-10-1809', serviced),
  fault: stopFault({
    status: '0xc0000428',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, 'KB4524244'),
  }),
  update: {
    windows: windowsOf('windows-10-1809', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB4524244~31bf3856ad364e35~amd64~~10.0.1.1',
          state: 0x70,
          installedAt: '2020-02-13T07:55:00.000Z',
        },
      ],
    }),
  },
});
