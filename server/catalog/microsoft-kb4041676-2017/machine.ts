import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const pendingFile = 'Windows\\WinSxS\\pending.xml';
const serviced = {
  revision: 608,
  servicedAt: '2017-09-13T18:20:03.000Z',
  stoppedAt: '2017-10-10T21:55:54.000Z',
};
const waiting = (name: string) => ({
  name: `Package_for_${name}~31bf3856ad364e35~amd64~~15063.674.1.8`,
  state: 0x60,
  installedAt: '2017-10-10T21:40:00.000Z',
});

/** A machine behind WSUS that was offered the delta and the full package in the same evening. */
export const machine = failingMachine({
  id: 'microsoft-kb4041676-2017',
  title: 'Restarts into delta and full package of KB4041676 and does not find its boot device',
  name: 'WSUS-0815',
  clockAt: '2017-10-10T22:02:00.000Z',
  windows: windowsOf('windows-10-1703', serviced),
  fault: stopFault({
    status: '0x0000007b',
    afterDrivers: false,
    because: tree =>
      ['RollupFix_Wrapper', 'RollupFix'].every(name =>
        hasPackageOf(tree, `Package_for_${name}~31bf3856ad364e35~amd64~~15063.674`, ['install-pending']),
      ),
  }),
  byTool: [softwareHive, pendingFile],
  update: {
    windows: windowsOf('windows-10-1703', {
      ...serviced,
      packages: [waiting('RollupFix_Wrapper'), waiting('RollupFix')],
    }),
  },
  happen: tree =>
    tree.write(
      pendingFile,
      Buffer.from('<?xml version="1.0" encoding="utf-8"?><PendingTransaction Version="3.1"/>'),
      new Date('2017-10-10T21:40:00.000Z'),
    ),
});
