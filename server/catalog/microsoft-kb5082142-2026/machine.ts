import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The controller of a bastion forest. */
export const machine = failingMachine({
  id: 'microsoft-kb5082142-2026',
  title: 'Is a domain controller of a forest with PAM and loses lsass.exe after KB5082142',
  name: 'DC-PRIV-1',
  clockAt: '2026-04-15T03:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 4893,
    servicedAt: '2026-03-11T18:20:03.000Z',
    stoppedAt: '2026-04-15T02:40:00.000Z',
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      { hive: 'SYSTEM', path: 'Control\\ProductOptions', values: [text('ProductType', 'LanmanNT')] },
    ],
  },
  fault: kernelFault({
    osBuild: 20_348,
    bugcheck: 0xef,
    parameters: [0xffffc50f2b1a6080n, 0n, 0n, 0n],
    process: 'lsass.exe',
    because: tree => hasPackageOf(tree, '~20348.5020.'),
  }),
  update: {
    windows: windowsOf('server-2022', {
      revision: 5020,
      servicedAt: '2026-04-15T02:44:00.000Z',
      stoppedAt: '2026-04-15T02:58:00.000Z',
    }),
  },
});
