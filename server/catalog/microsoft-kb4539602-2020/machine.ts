import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const pendingFile = 'Windows\\WinSxS\\pending.xml';
const packageOf = (kb: string, state: number) => ({
  name: `Package_for_${kb}~31bf3856ad364e35~amd64~~6.1.1.3`,
  state,
  installedAt: '2020-02-10T18:20:03.000Z',
});
const serviced = {
  revision: 24_540,
  servicedAt: '2020-01-15T18:20:03.000Z',
  stoppedAt: '2020-02-10T18:21:00.000Z',
};
const stack = packageOf('KB4490628', 0x70);

/** Somebody wanted the desktop picture back and installed by hand what Windows Update did not offer. */
export const machine = failingMachine({
  id: 'microsoft-kb4539602-2020',
  title: 'Took KB4539602 without KB4474419 and cannot verify winload.exe',
  name: 'OFFICE-2002',
  clockAt: '2020-02-10T18:25:00.000Z',
  windows: windowsOf('windows-7', { ...serviced, packages: [stack] }),
  fault: stopFault({
    status: '0xc0000428',
    afterDrivers: false,
    loader: '\\Windows\\system32\\winload.exe',
    because: tree => hasPackageOf(tree, 'KB4539602') && !hasPackageOf(tree, 'KB4474419'),
  }),
  byTool: [softwareHive, pendingFile],
  update: {
    windows: windowsOf('windows-7', { ...serviced, packages: [stack, packageOf('KB4539602', 0x60)] }),
  },
  happen: tree =>
    tree.write(
      pendingFile,
      Buffer.from('<?xml version="1.0" encoding="utf-8"?><PendingTransaction Version="3.1"/>'),
      new Date('2020-02-10T18:20:30.000Z'),
    ),
});
