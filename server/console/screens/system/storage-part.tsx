import { Skeleton } from '@mantine/core';
import type { StorageView } from '../../../../shared/api/system.ts';
import { useStorage } from '../../api/system.ts';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { counted, sizeText } from '../../words/amounts.ts';
import { evidenceWord } from '../../words/evidence.ts';
import styles from './system.module.css';

/** Whether there is room, what takes it, and how fast it grows. */
export function StoragePart() {
  const storage = useStorage();
  if (storage.data === undefined) {
    if (storage.error !== null)
      return <PageProblem error={storage.error} what="the storage" onRetry={() => void storage.refetch()} />;
    return <Skeleton height={240} aria-busy="true" />;
  }
  const { databaseBytes, disk, evidence, grown, oldestAt, retentionDays } = storage.data;
  const evidenceBytes = evidence.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <>
      <Verdict>{verdictOf(storage.data)}</Verdict>
      <dl className={styles.facts}>
        <dt>Free on the disk</dt>
        <dd>
          {sizeText(disk.freeBytes)} <span className={styles.quiet}>of {sizeText(disk.totalBytes)}</span>
        </dd>
        <dt>Database</dt>
        <dd>{sizeText(databaseBytes)}</dd>
        <dt>Evidence</dt>
        <dd>
          {sizeText(evidenceBytes)}
          <span className={styles.quiet}>
            , kept {counted(retentionDays, 'day')}
            {oldestAt !== undefined && (
              <>
                , the oldest from <Moment at={oldestAt} as="instant" focusable />
              </>
            )}
          </span>
        </dd>
      </dl>
      <Growth grown={grown} />
      {evidence.length > 0 && (
        <section className={styles.section}>
          <h2>Evidence by kind</h2>
          <ul className={`${styles.rows} ${styles.kinds}`}>
            {evidence.map(({ kind, pieces, bytes }) => (
              <li key={kind}>
                <b>{evidenceWord(kind)}</b>
                <span>{sizeText(bytes)}</span>
                <span className={styles.quiet}>{counted(pieces, 'piece')}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function verdictOf({ disk, grown }: StorageView): string {
  const perDay = grown.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, grown.length);
  const share = disk.freeBytes / Math.max(1, disk.totalBytes);
  if (disk.freeBytes < 2e9 || share < 0.03)
    return `The disk is nearly full: ${sizeText(disk.freeBytes)} are free. Evidence will soon be refused.`;
  if (perDay === 0) return 'There is room; no evidence came in the last two weeks.';
  const days = Math.floor(disk.freeBytes / perDay);
  return days > 730
    ? 'There is room for years at this pace.'
    : `There is room for ${counted(days, 'day')} at the pace of the last two weeks.`;
}

const widthOfBar = 20;
const height = 72;

function Growth({ grown }: { readonly grown: readonly number[] }) {
  const most = Math.max(...grown);
  if (most <= 0) return null;
  return (
    <section className={styles.section}>
      <h2>Evidence of each of the last {grown.length} days</h2>
      <svg
        className={styles.growth}
        viewBox={`0 0 ${grown.length * widthOfBar} ${height}`}
        aria-hidden="true"
      >
        {grown.map((bytes, day) => {
          const tall = Math.max(1, Math.round((bytes / most) * height));
          return (
            // oxlint-disable-next-line react/no-array-index-key -- a day is its place
            <rect key={day} x={day * widthOfBar} y={height - tall} width={widthOfBar - 4} height={tall} />
          );
        })}
      </svg>
      <p className="sr-only">Oldest first: {grown.map(sizeText).join(', ')}.</p>
      <p className={styles.quiet}>At most {sizeText(most)} in one day.</p>
    </section>
  );
}
