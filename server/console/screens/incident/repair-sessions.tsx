import type { SrtSession, SrtStep, SrtTrail } from '../../../../shared/bootlog/srt-trail.ts';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { counted } from '../../words/amounts.ts';
import styles from './evidence.module.css';

/** What Windows' own Startup Repair tried and found, in the words of that Windows, the newest session first. */
export function RepairSessions({ trail }: { readonly trail: SrtTrail }) {
  return (
    <section className={styles.section}>
      <h2>Startup Repair</h2>
      <p className={styles.quiet}>
        {counted(trail.sessions.length, 'session')}
        {trail.attempts !== null && `, ${counted(trail.attempts, 'repair attempt')}`}. The words are those of
        that Windows.
      </p>
      {[...trail.sessions].reverse().map(session => (
        <Session key={session.line} session={session} />
      ))}
    </section>
  );
}

const isFailure = ({ errorCode }: SrtStep) => errorCode !== null && Number(errorCode) !== 0;

function Session({ session }: { readonly session: SrtSession }) {
  const steps = [...session.repairActions, ...session.tests];
  const failed = steps.filter(isFailure);
  const passed = steps.filter(step => !isFailure(step));
  return (
    <div>
      {session.rootCauses.map(cause => (
        <p key={cause.line} className={styles.lead}>
          Root cause: <b>{cause.text}</b>
        </p>
      ))}
      {session.rootCauses.length === 0 && <p className={styles.lead}>It found no root cause.</p>}
      {failed.length > 0 && <Steps steps={failed} />}
      {passed.length > 0 && (
        <details>
          <summary className={styles.quiet}>{counted(passed.length, 'test')} without error</summary>
          <Steps steps={passed} />
        </details>
      )}
    </div>
  );
}

function Steps({ steps }: { readonly steps: readonly SrtStep[] }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <tbody>
          {steps.map(step => (
            <tr key={step.line}>
              <td>
                <FindingMark finding={isFailure(step) ? 'no' : 'yes'}>
                  {isFailure(step) ? 'failed' : 'passed'}
                </FindingMark>
              </td>
              <td>{step.name}</td>
              <td className={styles.quiet}>
                {step.result} {step.errorCode !== null && <code>{step.errorCode}</code>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
