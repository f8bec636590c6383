import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const smartCard = 'Windows\\System32\\contoso-card.dll';

/** A controller with the correction: a smart card program ends its lsass.exe. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5082142-2026-near-miss',
  title: 'Is a domain controller with KB5091575 and loses lsass.exe to a smart card program',
  name: 'DC-PRIV-2',
  clockAt: '2026-04-23T03:02:00.000Z',
  windows: windowsOf('server-2022', {
    revision: 5024,
    servicedAt: '2026-04-20T02:44:00.000Z',
    stoppedAt: '2026-04-23T02:58:00.000Z',
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
    because: tree => tree.read(smartCard) !== undefined,
  }),
  good: [smartCard],
  happen: tree => tree.write(smartCard, Buffer.from('MZ'), new Date('2026-04-23T02:50:00.000Z')),
});
