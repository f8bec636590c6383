import { CopyButton } from './copy-button.tsx';
import styles from './exact.module.css';

/** An exact value (id, hash, path, address) in monospace, with its copy button when `what` names it. */
export function Exact({
  value,
  what,
  short,
}: {
  readonly value: string;
  readonly what?: string;
  readonly short?: string;
}) {
  return (
    <span className={styles.exact}>
      <code title={short === undefined ? undefined : value}>{short ?? value}</code>
      {what !== undefined && <CopyButton value={value} what={what} />}
    </span>
  );
}
