import type { ConditionExplanation } from '../../../../shared/api/incident.ts';
import { type Finding, FindingMark } from '../../parts/finding-mark.tsx';
import { inward } from '../../parts/inward.ts';
import styles from './known-issue.module.css';

const words: Readonly<
  Record<ConditionExplanation['verdict'], { readonly finding: Finding; readonly word: string }>
> = {
  held: { finding: 'yes', word: 'holds' },
  failed: { finding: 'no', word: 'does not' },
  unknown: { finding: 'unknown', word: 'unknown' },
};

/** Each condition on one machine: how it came out, on which value, read from where. */
export function Explained({ conditions }: { readonly conditions: readonly ConditionExplanation[] }) {
  return (
    <ul className={styles.explained}>
      {conditions.map((one, index) => (
        <li key={`${index} ${one.condition}`}>
          <FindingMark finding={words[one.verdict].finding}>{words[one.verdict].word}</FindingMark>
          <span style={inward(one)}>
            {one.condition}{' '}
            {one.isGroup ? undefined : (
              <span className={styles.quiet}>
                {one.value === undefined ? 'not reported' : <code>{one.value}</code>}
                {one.evidence === undefined ? '' : `, ${one.evidence}`}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
