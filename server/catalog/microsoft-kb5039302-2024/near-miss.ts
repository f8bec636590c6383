import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same preview on a physical machine. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5039302-2024-near-miss',
  title: 'Has KB5039302 on a desk machine and lost its storage driver',
  name: 'DESK-2406',
  clockAt: '2024-06-27T07:02:00.000Z',
  windows: windowsOf('windows-11-23h2', {
    revision: 3810,
    servicedAt: '2024-06-26T06:44:00.000Z',
    stoppedAt: '2024-06-27T06:58:00.000Z',
  }),
  ...lostStorageDriver(),
});
