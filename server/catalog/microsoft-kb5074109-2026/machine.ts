import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { stopFault } from '../../../agent/lab/faults/stop-fault.ts';
import { buildEventLog } from '../../../agent/lab/logs/event-log.ts';
import { updateEvent } from '../../../agent/lab/logs/system-events.ts';
import { hasPackageOf } from '../../../agent/lab/read-registry.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const events = 'Windows\\System32\\winevt\\Logs\\System.evtx';
const december = '2025-12 Security Update for Windows 11, version 24H2 (KB5072033)';
const january = '2026-01 Security Update for Windows 11, version 24H2 (KB5074109)';
const mark = 'Windows\\lab-improper-state';

/** A notebook whose update of December was taken back over Christmas. */
export const machine = failingMachine({
  id: 'microsoft-kb5074109-2026',
  title: 'Failed to install the update of December 2025 and cannot mount its volume after KB5074109',
  name: 'NOTE-2601',
  model: 'Contoso Book 14',
  clockAt: '2026-01-15T07:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 7171,
    servicedAt: '2025-11-12T18:20:03.000Z',
    stoppedAt: '2026-01-15T06:40:00.000Z',
  }),
  fault: stopFault({
    status: '0x000000ed',
    afterDrivers: false,
    because: tree => hasPackageOf(tree, '~26100.7623.') && tree.read(mark) !== undefined,
  }),
  good: [mark],
  install: tree => tree.write(mark, Buffer.from('rolled back'), new Date('2025-12-28T10:00:00.000Z')),
  update: {
    windows: windowsOf('windows-11-24h2', {
      revision: 7623,
      servicedAt: '2026-01-15T06:44:00.000Z',
      stoppedAt: '2026-01-15T06:58:00.000Z',
    }),
  },
  happen: tree =>
    tree.write(
      events,
      buildEventLog({
        computer: 'NOTE-2601',
        isDirty: true,
        firstRecordId: 51_200,
        events: [
          updateEvent(new Date('2025-12-28T09:40:00.000Z'), 'failed', december, 0x800f0922),
          updateEvent(new Date('2026-01-15T06:44:00.000Z'), 'installed', january),
        ],
      }),
      new Date('2026-01-15T06:58:00.000Z'),
    ),
});
