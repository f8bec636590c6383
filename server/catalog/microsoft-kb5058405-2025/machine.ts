import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** A session host of a virtual desktop. */
export const machine = failingMachine({
  id: 'microsoft-kb5058405-2025',
  title: 'Took KB5058405 in a virtual machine and stops at ACPI.sys',
  name: 'AVD-0513',
  model: 'Microsoft Corporation Virtual Machine',
  clockAt: '2025-05-15T07:02:00.000Z',
  windows: windowsOf('windows-11-23h2', {
    revision: 5189,
    servicedAt: '2025-04-09T18:20:03.000Z',
    stoppedAt: '2025-05-15T06:40:00.000Z',
  }),
  fault: stopFault({
    status: '0xc0000098',
    afterDrivers: false,
    loader: '\\Windows\\system32\\drivers\\ACPI.sys',
    because: tree => hasPackageOf(tree, '~22621.5335.'),
  }),
  update: {
    windows: windowsOf('windows-11-23h2', {
      revision: 5335,
      servicedAt: '2025-05-15T06:44:00.000Z',
      stoppedAt: '2025-05-15T06:58:00.000Z',
    }),
  },
});
