import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same update on a machine that took all before it. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5074109-2026-near-miss',
  title: 'Has KB5074109 after all updates before it and lost its storage driver',
  name: 'NOTE-2602',
  model: 'Contoso Book 14',
  clockAt: '2026-01-16T07:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 7623,
    servicedAt: '2026-01-15T06:44:00.000Z',
    stoppedAt: '2026-01-16T06:58:00.000Z',
  }),
  ...lostStorageDriver(),
});
