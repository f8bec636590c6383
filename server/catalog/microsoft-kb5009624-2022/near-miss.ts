import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const filter = 'Windows\\System32\\contoso-password-filter.dll';

/** A member server with the same update: a password filter was put into its lsass.exe. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5009624-2022-near-miss',
  title: 'Is a member server with KB5009624 and loses lsass.exe to a password filter',
  name: 'APP-02',
  clockAt: '2022-01-14T03:02:00.000Z',
  windows: windowsOf('server-2012-r2', {
    revision: 20_207,
    servicedAt: '2021-12-15T18:20:03.000Z',
    stoppedAt: '2022-01-14T02:40:00.000Z',
    packages: [
      {
        name: 'Package_for_KB5009624~31bf3856ad364e35~amd64~~6.3.1.3',
        state: 0x70,
        installedAt: '2022-01-12T02:30:00.000Z',
      },
    ],
  }),
  installed: {
    drivers: [],
    securityProducts: [],
    registry: [
      { hive: 'SYSTEM', path: 'Control\\ProductOptions', values: [text('ProductType', 'ServerNT')] },
    ],
  },
  fault: kernelFault({
    osBuild: 9600,
    bugcheck: 0xef,
    parameters: [0xffffe00030d4b080n, 0n, 0n, 0n],
    process: 'lsass.exe',
    because: tree => tree.read(filter) !== undefined,
  }),
  good: [filter],
  happen: tree => tree.write(filter, Buffer.from('MZ'), new Date('2022-01-14T02:30:00.000Z')),
});
