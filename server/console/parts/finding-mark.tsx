import styles from './finding-mark.module.css';

/** How a check came out. These are no states of a machine, so they carry no colour. */
export type Finding = 'yes' | 'no' | 'unknown';

const shapes: Readonly<Record<Finding, React.ReactNode>> = {
  yes: <path d="M3 8.6 6.4 12 13 4.6" />,
  no: <path d="m4 4 8 8m0-8-8 8" />,
  unknown: <path d="M5.6 6a2.4 2.4 0 1 1 3.6 2.1c-.8.4-1.2.9-1.2 1.7m0 2.7v.1" />,
};

/** How a check came out, as shape and word. */
export function FindingMark({
  finding,
  children,
}: {
  readonly finding: Finding;
  readonly children: React.ReactNode;
}) {
  return (
    <span className={styles.mark} data-finding={finding}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        {shapes[finding]}
      </svg>
      {children}
    </span>
  );
}
