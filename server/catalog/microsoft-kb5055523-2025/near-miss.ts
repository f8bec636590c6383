import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const policy = 'Windows\\System32\\contoso-enclave.dll';

/** The same code in the Windows of February: the rollback would change nothing there. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5055523-2025-near-miss',
  title: 'Stops with SECURE_KERNEL_ERROR before the updates of spring 2025',
  name: 'FIELD-0312',
  clockAt: '2025-03-03T07:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 3194,
    servicedAt: '2025-02-12T18:20:03.000Z',
    stoppedAt: '2025-03-03T06:40:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 26_100,
    bugcheck: 0x18b,
    parameters: [0x184n, 0n, 0n, 0n],
    because: tree => tree.read(policy) !== undefined,
  }),
  happen: tree => tree.write(policy, Buffer.from('MZ'), new Date('2025-03-03T06:30:00.000Z')),
});
