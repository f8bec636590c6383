import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf, softwareHive } from '../../../agent/lab/read-registry.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const serviced = {
  revision: 20_207,
  servicedAt: '2021-12-15T18:20:03.000Z',
  stoppedAt: '2022-01-12T02:40:00.000Z',
};

/** One of two controllers, which took the update in the night. */
export const machine = failingMachine({
  id: 'microsoft-kb5009624-2022',
  title: 'Is a domain controller, took KB5009624 and loses lsass.exe',
  name: 'DC-02',
  clockAt: '2022-01-12T03:02:00.000Z',
  windows: windowsOf('server-2012-r2', serviced),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      { hive: 'SYSTEM', path: 'Control\\ProductOptions', values: [text('ProductType', 'LanmanNT')] },
    ],
  },
  fault: kernelFault({
    osBuild: 9600,
    bugcheck: 0xef,
    parameters: [0xffffe00030d4b080n, 0n, 0n, 0n],
    process: 'lsass.exe',
    because: tree => hasPackageOf(tree, 'KB5009624'),
  }),
  byTool: [softwareHive],
  update: {
    windows: windowsOf('server-2012-r2', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB5009624~31bf3856ad364e35~amd64~~6.3.1.3',
          state: 0x70,
          installedAt: '2022-01-12T02:30:00.000Z',
        },
      ],
    }),
  },
});
