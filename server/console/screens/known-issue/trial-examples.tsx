import { Link } from '@tanstack/react-router';
import type { RuleTrial } from '../../../../shared/api/known-issue.ts';
import { shownName } from '../../api/devices.ts';
import { healthyVerdict } from '../../words/known-issues.ts';
import { Explained } from './explained.tsx';
import styles from './known-issue.module.css';

const kinds = [
  ['matched', 'It fits', 'matched'],
  ['near', 'A near miss: all but one condition hold', 'nearMisses'],
  ['unknown', 'Cannot be told: something was not reported', 'unknown'],
] as const;

/** Healthy machines that a rule would hit, with the reasons; the strongest warning that it is too wide. */
function HealthyHits({ healthy }: { readonly healthy: RuleTrial['healthy'] }) {
  if (healthy.matched === 0) return <p className={styles.quiet}>{healthyVerdict(healthy).text}</p>;
  return (
    <section>
      <h2>
        It hits healthy machines{' '}
        <span className={styles.quiet}>
          {healthy.matched.toLocaleString('en')} of {healthy.devices.toLocaleString('en')}
        </span>
      </h2>
      {healthy.examples.map(({ deviceId, name, conditions }, index) => {
        const shown = shownName(name, deviceId);
        return (
          <details key={deviceId} open={index === 0}>
            <summary>{shown}</summary>
            <Explained conditions={conditions} />
            <p>
              <Link to="/devices/$deviceId" params={{ deviceId }}>
                Open {shown}
              </Link>
            </p>
          </details>
        );
      })}
    </section>
  );
}

/** Counts of a trial, and some incidents of each kind with the reasons. */
export function TrialExamples({ trial }: { readonly trial: RuleTrial | undefined }) {
  if (trial === undefined)
    return (
      <p className={`${styles.quiet} ${styles.trial}`}>
        Mend what is wrong above; then it is tried on stored incidents.
      </p>
    );
  const shown = kinds.filter(([kind]) => trial.examples[kind].length > 0);
  return (
    <div className={styles.trial}>
      <HealthyHits healthy={trial.healthy} />
      {(trial.wouldRun !== undefined || trial.outsideBuilds !== undefined || trial.explainedOtherwise > 0) &&
        trial.matched > 0 && (
          <p>
            {trial.wouldRun !== undefined &&
              `On ${trial.wouldRun.toLocaleString('en')} of those that fit, the script would run as well. `}
            {trial.outsideBuilds !== undefined &&
              (trial.outsideBuilds === 0
                ? 'All that fit run an affected build. '
                : `${trial.outsideBuilds.toLocaleString('en')} of those that fit run a build that the issue does not name. `)}
            {trial.explainedOtherwise > 0 &&
              `${trial.explainedOtherwise.toLocaleString('en')} of those that fit have another known issue: is this one too wide?`}
          </p>
        )}
      {shown.length === 0 && (
        <p className={styles.quiet}>No stored incident fits, comes near, or is left open.</p>
      )}
      {shown.map(([kind, title, count]) => (
        <section key={kind}>
          <h2>
            {title} <span className={styles.quiet}>{trial[count].toLocaleString('en')}</span>
          </h2>
          {trial.examples[kind].map((one, index) => (
            <details key={one.incidentId} open={index === 0}>
              <summary>
                Incident <code>{one.code}</code>
              </summary>
              <Explained conditions={one.conditions} />
              <p>
                <Link to="/incidents/$incidentId" params={{ incidentId: one.incidentId }}>
                  Open incident {one.code}
                </Link>
              </p>
            </details>
          ))}
        </section>
      ))}
    </div>
  );
}
