import { Skeleton } from '@mantine/core';
import styles from './incident.module.css';

/** The page's shape while its incident is being read. */
export function IncidentSkeleton() {
  return (
    <div aria-busy="true">
      <p className="sr-only">Reading the incident</p>
      <Skeleton height={14} width={240} mt={4} />
      <Skeleton height={28} width="62%" mt={18} />
      <div className={styles.answers}>
        {['cause', 'remedy', 'proof'].map(name => (
          <div key={name}>
            <Skeleton height={12} width={64} />
            <Skeleton height={12} mt={14} />
            <Skeleton height={12} mt={10} width="70%" />
          </div>
        ))}
      </div>
      <Skeleton height={12} mt={36} />
      <div className={styles.body}>
        <Lines widths={[52, 88, 70, 82, 64, 76]} />
        <Lines widths={[40, 92, 78, 88, 70, 84]} />
      </div>
    </div>
  );
}

function Lines({ widths }: { readonly widths: readonly number[] }) {
  return (
    <div>
      {widths.map(width => (
        <Skeleton key={width} height={12} mb={22} width={`${width}%`} />
      ))}
    </div>
  );
}
