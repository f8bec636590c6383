import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { lostStorageDriver } from '../../../agent/lab/faults/lost-file.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

/** The same upgrade on another notebook of the same maker. */
export const nearMiss = failingMachine({
  id: 'asus-x415ka-24h2-near-miss',
  title: 'Was upgraded to 24H2 on an ASUS UX425 and lost its storage driver',
  name: 'ASUS-2411',
  model: 'ASUSTeK COMPUTER INC. ZenBook UX425EA_UX425EA',
  clockAt: '2024-10-14T07:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 1742,
    servicedAt: '2024-10-14T06:30:00.000Z',
    stoppedAt: '2024-10-14T06:58:00.000Z',
  }),
  ...lostStorageDriver(),
});
