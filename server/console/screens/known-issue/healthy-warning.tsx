import type { RuleTrial } from '../../../../shared/api/known-issue.ts';
import { healthyVerdict } from '../../words/known-issues.ts';
import styles from './known-issue.module.css';

/** Said loud only when the rule hits machines that are well. */
export function HealthyWarning({ healthy }: { readonly healthy: RuleTrial['healthy'] }) {
  const { text, isWarning } = healthyVerdict(healthy);
  return isWarning ? <output className={styles.warning}>{text}</output> : null;
}
