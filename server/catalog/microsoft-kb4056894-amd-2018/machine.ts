import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const serviced = {
  revision: 23_964,
  servicedAt: '2017-12-13T18:20:03.000Z',
  stoppedAt: '2018-01-10T06:55:54.000Z',
};

/** A till with an Athlon 64 X2 that took the rollup of January. */
export const machine = failingMachine({
  id: 'microsoft-kb4056894-amd-2018',
  title: 'Took KB4056894 on an Athlon 64 X2 and stops with 0xc4 at every start',
  name: 'TILL-0064',
  clockAt: '2018-01-10T07:02:00.000Z',
  windows: windowsOf('windows-7', serviced),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      {
        hive: 'SYSTEM',
        path: 'Control\\Session Manager\\Environment',
        values: [text('PROCESSOR_IDENTIFIER', 'AMD64 Family 15 Model 67 Stepping 3, AuthenticAMD')],
      },
    ],
  },
  fault: kernelFault({
    osBuild: 7601,
    bugcheck: 0xc4,
    parameters: [0x91n, 0x2n, 0xfffff80002c4a3c0n, 0n],
    because: tree => hasPackageOf(tree, 'KB4056894'),
  }),
  byTool: [softwareHive],
  update: {
    windows: windowsOf('windows-7', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB4056894~31bf3856ad364e35~amd64~~6.1.1.2',
          state: 0x70,
          installedAt: '2018-01-10T06:50:00.000Z',
        },
      ],
    }),
  },
});
