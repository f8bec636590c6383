import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const plugin = 'Program Files\\GbPlugin\\gbieh.dll';
const serviced = {
  revision: 18_044,
  servicedAt: '2013-03-13T18:20:03.000Z',
  stoppedAt: '2013-04-10T10:55:54.000Z',
};

/** A branch office in Brazil: the bank's plug-in is on every machine. */
export const machine = failingMachine({
  id: 'microsoft-kb2823324-2013',
  title: 'Took KB2823324 beside a banking plug-in and stops with 0xc000021a',
  name: 'FILIAL-0031',
  clockAt: '2013-04-10T11:02:00.000Z',
  windows: windowsOf('windows-7', serviced),
  fault: kernelFault({
    osBuild: 7601,
    bugcheck: 0xc000021a,
    parameters: [0xfffff8a001c2d1a0n, 0xffffffffc0000005n, 0n, 0n],
    process: 'smss.exe',
    because: tree => hasPackageOf(tree, 'KB2823324') && tree.read(plugin) !== undefined,
  }),
  byTool: [softwareHive],
  good: [plugin],
  install: tree => {
    const at = new Date('2012-11-20T12:00:00.000Z');
    tree.write(plugin, buildDriverFile({ version: '3.2.1.0', linkedAt: at }), at);
  },
  update: {
    windows: windowsOf('windows-7', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB2823324~31bf3856ad364e35~amd64~~6.1.1.1',
          state: 0x70,
          installedAt: '2013-04-10T10:50:00.000Z',
        },
      ],
    }),
  },
});
