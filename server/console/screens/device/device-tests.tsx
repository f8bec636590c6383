import type { DeviceDetail } from '../../../../shared/api/device.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PhaseTrack } from '../../parts/phase-track.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { useNow } from '../../parts/use-now.ts';
import { durationText } from '../../words/amounts.ts';
import { type DeviceTest, markOfTest, readTestStations } from '../../words/phases.ts';
import styles from './device.module.css';

/** Runs in test mode: the newest phase by phase, the earlier ones by how they ended. */
export function DeviceTests({ detail }: { readonly detail: DeviceDetail }) {
  const nowMs = useNow();
  const [newest, ...earlier] = detail.tests ?? [];
  if (newest === undefined)
    return detail.device.state === 'retired' ? null : (
      <section className={styles.section}>
        <h2>Tests</h2>
        <p className={styles.quiet}>
          The way through the recovery environment was never walked here. On the machine, this restarts it
          into a test that changes nothing:
        </p>
        <CommandLine command="bootmend.exe test --restart" />
      </section>
    );
  return (
    <section className={styles.section}>
      <h2>Tests</h2>
      <p aria-live="polite">{sentenceOf(newest, nowMs)}</p>
      <PhaseTrack stations={readTestStations(newest, nowMs)} />
      {earlier.length > 0 && (
        <ul className={styles.tests} aria-label="Earlier tests">
          {earlier.map(test => (
            <li key={test.startedAt}>
              <span>
                <MarkShape mark={markOfTest(test, nowMs)} size={12} /> Before: {endOf(test, nowMs)}
              </span>
              <span className={styles.quiet}>agent {test.agentVersion}</span>
              <Moment at={test.startedAt} as="ago" />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const tookOf = ({ startedAt, bootedAt }: DeviceTest) =>
  durationText(Date.parse(bootedAt ?? startedAt) - Date.parse(startedAt));

function sentenceOf(test: DeviceTest, nowMs: number): string {
  if (test.bootedAt !== undefined)
    return `It walked the whole way: Windows came up ${tookOf(test)} after the test reached the server.`;
  return markOfTest(test, nowMs) === 'confirming'
    ? 'A test runs now; Windows has not come up after it yet.'
    : 'A test reached the server, and Windows has not told since that it came up. Look at this machine.';
}

function endOf(test: DeviceTest, nowMs: number): string {
  if (test.bootedAt !== undefined) return `Windows came up after ${tookOf(test)}`;
  return markOfTest(test, nowMs) === 'confirming' ? 'runs now' : 'Windows did not tell that it came up';
}
