import { Link } from '@tanstack/react-router';
import type {
  ConditionExplanation,
  IncidentDetail,
  MatchExplanation,
} from '../../../../shared/api/incident.ts';
import { countHeld } from '../../../../shared/rules/tell-findings.ts';
import { type Finding, FindingMark } from '../../parts/finding-mark.tsx';
import { inward } from '../../parts/inward.ts';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';

/** Which known issues fit or came near: every condition with its value and where that was read. */
export function WhyTab({ detail }: { readonly detail: IncidentDetail }) {
  if (detail.matches.length === 0)
    return (
      <>
        <NoEvidence title="No known issue came near" evidence={undefined}>
          {detail.incident.state === 'open'
            ? 'The evidence is still being read; this fills by itself.'
            : 'None of the conditions that Bootmend knows holds on this machine. The crash and the boot log say what is known; with them a person can repair the machine, or write a known issue.'}
        </NoEvidence>
        <MakeIssue detail={detail} />
      </>
    );
  return (
    <>
      {detail.matches.map(match => (
        <Match key={`${match.knownIssueId} ${match.version}`} match={match} />
      ))}
      <MakeIssue detail={detail} />
    </>
  );
}

/** The way from a failure that nobody wrote down to a known issue. */
function MakeIssue({ detail }: { readonly detail: IncidentDetail }) {
  const isExplained = detail.matches.some(match => match.verdict === 'matched');
  return (
    <p className={styles.section}>
      {isExplained ? 'Something else behind it? ' : 'Other machines may have the same. '}
      <Link to="/known-issues/new" search={{ from: detail.incident.incidentId }}>
        Make a known issue from this incident
      </Link>
    </p>
  );
}

const matchWords: Readonly<Record<MatchExplanation['verdict'], string>> = {
  matched: 'It fits',
  near: 'A near miss: it does not fit',
  unknown: 'Cannot be told: something it asks for is not known, so it does not apply',
};

function Match({ match }: { readonly match: MatchExplanation }) {
  const { held, all } = countHeld(match.conditions);
  return (
    <section className={styles.section}>
      <h2>{match.title}</h2>
      <p>
        {matchWords[match.verdict]}; {held} of {all} conditions hold.{' '}
        <span className={styles.quiet}>
          <Link to="/known-issues/$knownIssueId" params={{ knownIssueId: match.knownIssueId }}>
            {match.knownIssueId}
          </Link>{' '}
          version {match.version}
        </span>
      </p>
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.stacks} ${styles.inward}`}>
          <thead>
            <tr>
              <th>Result</th>
              <th>Condition</th>
              <th>On this machine</th>
              <th>Read from</th>
            </tr>
          </thead>
          <tbody>
            {match.conditions.map((condition, index) => (
              <Condition key={`${index} ${condition.condition}`} condition={condition} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const conditionWords: Readonly<
  Record<ConditionExplanation['verdict'], { readonly finding: Finding; readonly word: string }>
> = {
  held: { finding: 'yes', word: 'holds' },
  failed: { finding: 'no', word: 'does not' },
  unknown: { finding: 'unknown', word: 'unknown' },
};

function Condition({ condition }: { readonly condition: ConditionExplanation }) {
  const { finding, word } = conditionWords[condition.verdict];
  return (
    <tr style={inward(condition)}>
      <td>
        <FindingMark finding={finding}>{word}</FindingMark>
      </td>
      <td colSpan={condition.isGroup ? 3 : 1}>{condition.condition}</td>
      {condition.isGroup ? undefined : (
        <>
          <td>
            {condition.value === undefined ? (
              <span className={styles.quiet}>not reported</span>
            ) : (
              <code>{condition.value}</code>
            )}
          </td>
          <td className={styles.quiet}>{condition.evidence ?? '–'}</td>
        </>
      )}
    </tr>
  );
}
