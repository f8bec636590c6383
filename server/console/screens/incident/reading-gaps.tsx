import type { EvidenceView } from '../../../../shared/api/incident.ts';
import { findGaps } from '../../api/readings.ts';
import { counted } from '../../words/amounts.ts';
import styles from './evidence.module.css';

const mostShown = 5;

/** What a reading does not say: what was cut for the page, and what was damaged or missing in the file. */
export function ReadingGaps({ evidence }: { readonly evidence: EvidenceView }) {
  const { problems, leftOut } = findGaps(evidence);
  if (problems.length === 0 && leftOut.length === 0) return null;
  return (
    <div className={styles.gaps}>
      {leftOut.map(({ what, shown, of }) => (
        <p key={`${what} ${of}`}>
          The newest {shown} of {of.toLocaleString('en')} {what} are shown; the file has all.
        </p>
      ))}
      {problems.length > 0 && (
        <details>
          <summary>
            What <code>{evidence.name}</code> does not say: {counted(problems.length, 'gap')}
          </summary>
          <ul>
            {problems.slice(0, mostShown).map(({ code, message }, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the same message may stand there twice
              <li key={`${index} ${code}`}>
                {message} <code>{code}</code>
              </li>
            ))}
            {problems.length > mostShown && <li>and {problems.length - mostShown} more</li>}
          </ul>
        </details>
      )}
    </div>
  );
}
