import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const mark = 'Windows\\lab-catalogue-damaged';

/** The same screen before the update was out: a power cut damaged a catalogue of signatures. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5058405-2025-near-miss',
  title: 'Stops at ACPI.sys with the update of April 2025',
  name: 'AVD-0428',
  model: 'Microsoft Corporation Virtual Machine',
  clockAt: '2025-04-28T07:02:00.000Z',
  windows: windowsOf('windows-11-23h2', {
    revision: 5189,
    servicedAt: '2025-04-09T18:20:03.000Z',
    stoppedAt: '2025-04-28T06:40:00.000Z',
  }),
  fault: stopFault({
    status: '0xc0000098',
    afterDrivers: false,
    loader: '\\Windows\\system32\\drivers\\ACPI.sys',
    because: tree => tree.read(mark) !== undefined,
  }),
  happen: tree => tree.write(mark, Buffer.from('zeros'), new Date('2025-04-28T06:50:00.000Z')),
});
