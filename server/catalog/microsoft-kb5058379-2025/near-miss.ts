import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const smartCard = 'Windows\\System32\\contoso-card.dll';

/** lsass.exe ends here too, in the Windows of April: a smart card program was put into it. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5058379-2025-near-miss',
  title: 'Loses lsass.exe to a smart card program before KB5058379',
  name: 'VPRO-0108',
  model: 'Contoso Book 14 vPro',
  clockAt: '2025-05-06T07:02:00.000Z',
  windows: windowsOf('windows-10-22h2', {
    revision: 5737,
    servicedAt: '2025-04-09T18:20:03.000Z',
    stoppedAt: '2025-05-06T06:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 19_041,
    bugcheck: 0xef,
    parameters: [0xffffb28c5a2d3060n, 0n, 0n, 0n],
    process: 'lsass.exe',
    because: tree => tree.read(smartCard) !== undefined,
  }),
  good: [smartCard],
  happen: tree => tree.write(smartCard, Buffer.from('MZ'), new Date('2025-05-06T06:30:00.000Z')),
});
