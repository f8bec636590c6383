import type { FailingMachine } from '../failing-machine.ts';
import { type StoppedStart, stopFault } from './stop-fault.ts';

/** A file without which Windows does not start, and others that lie beside it and stay. */
export interface LostFile extends Pick<StoppedStart, 'status' | 'afterDrivers'> {
  readonly lost: string;
  readonly kept?: readonly string[];
  /** When the files were written. */
  readonly writtenAt: string;
}

/** What happens to a machine that loses one file: to be spread into a failing machine. */
export const lostFile = ({
  lost,
  kept = [],
  writtenAt,
  status,
  afterDrivers,
}: LostFile): Required<Pick<FailingMachine, 'fault' | 'good' | 'install' | 'happen'>> => ({
  fault: stopFault({ status, afterDrivers, because: tree => tree.read(lost) === undefined }),
  good: kept,
  install: tree => {
    for (const file of [lost, ...kept]) tree.write(file, Buffer.from('MZ'), new Date(writtenAt));
  },
  happen: tree => tree.remove(lost),
});

/** Any machine can lose the driver of its disk: it stops with 7B, before there is a page file for a dump. */
export const lostStorageDriver = (kept: readonly string[] = []) =>
  lostFile({
    lost: 'Windows\\System32\\drivers\\ctraid.sys',
    kept,
    writtenAt: '2006-01-20T12:00:00.000Z',
    status: '0x0000007b',
    afterDrivers: false,
  });
