import { findRootFailure } from '../../../../shared/bootlog/find-root-failure.ts';
import { findKnownCode } from '../../../../shared/bootlog/known-codes.ts';
import type { ServicingFailure, ServicingLog } from '../../../../shared/bootlog/servicing-log.ts';
import type { Reading } from '../../api/readings.ts';
import { counted } from '../../words/amounts.ts';
import { localText } from '../../words/times.ts';
import styles from './evidence.module.css';
import { ReadingGaps } from './reading-gaps.tsx';

const titles = { cbs: 'Servicing (CBS.log)', dism: 'DISM (dism.log)' } as const;
const mostShown = 12;

/** What servicing did and failed at, the first failure of the newest failing session first. */
export function Servicing({ reading: { evidence, content } }: { readonly reading: Reading<ServicingLog> }) {
  const { kind, packages, failures, sessions, executeState } = content;
  return (
    <section className={styles.section}>
      <h2>{titles[kind]}</h2>
      <RootFailure root={findRootFailure(content)} kind={kind} />
      {executeState !== null && (
        <p className={styles.note}>
          Work over a restart stands at <code>{executeState.state}</code>
          {executeState.atLocal !== null && `, ${localText(executeState.atLocal)}`}.
        </p>
      )}
      {packages.length > 0 && (
        <div className={styles.scroll}>
          <table className={`${styles.table} ${styles.stacks}`}>
            <thead>
              <tr>
                <th>Package, last mentioned first</th>
                <th>State</th>
                <th>Result</th>
              </tr>
            </thead>
            <tbody>
              {packages.slice(0, mostShown).map(one => (
                <tr key={one.identity}>
                  <td>
                    {one.knowledgeBase !== null && <b>{one.knowledgeBase} </b>}
                    <code className={one.knowledgeBase === null ? undefined : styles.quiet}>
                      {one.identity}
                    </code>
                  </td>
                  <td>
                    {one.state ?? 'not told'}
                    {one.targetState !== null && one.targetState !== one.state && (
                      <span className={styles.quiet}> to {one.targetState}</span>
                    )}
                  </td>
                  <td>
                    <Result code={one.result} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {failures.length > 0 && (
        <details>
          <summary className={styles.quiet}>{counted(failures.length, 'failure')}, newest first</summary>
          <Failures failures={failures} />
        </details>
      )}
      <p className={styles.quiet}>
        {counted(sessions.length, 'session')}
        {packages.length > mostShown && `, ${counted(packages.length, 'package')}`} in the part of the log
        that was sent.
      </p>
      <ReadingGaps evidence={evidence} />
    </section>
  );
}

interface RootFailureProps {
  readonly root: ServicingFailure | undefined;
  readonly kind: ServicingLog['kind'];
}

function RootFailure({ root, kind }: RootFailureProps) {
  if (root?.code == null)
    return (
      <p className={styles.lead}>
        {kind === 'cbs' ? 'Nothing failed in what was sent of this log.' : 'No run of DISM failed.'}
      </p>
    );
  const known = findKnownCode(root.code);
  return (
    <>
      <p className={styles.lead}>
        It failed first with <b>{root.codeName ?? known?.name ?? root.code}</b>
        {known !== undefined && `: ${known.sentence}`} <code className={styles.quiet}>{root.code}</code>
      </p>
      <p className={styles.quiet}>
        {root.atLocal !== null && `${localText(root.atLocal)}, `}line {root.line}: {root.text.slice(0, 240)}
      </p>
    </>
  );
}

function Result({ code }: { readonly code: string | null }) {
  if (code === null) return <span className={styles.quiet}>not told</span>;
  if (Number(code) === 0) return 'done';
  return (
    <>
      {findKnownCode(code)?.name ?? 'failed'} <code className={styles.quiet}>{code}</code>
    </>
  );
}

function Failures({ failures }: { readonly failures: readonly ServicingFailure[] }) {
  return (
    <div className={styles.scroll}>
      <table className={`${styles.table} ${styles.stacks}`}>
        <thead>
          <tr>
            <th>When</th>
            <th>Code</th>
            <th>Line</th>
          </tr>
        </thead>
        <tbody>
          {failures.slice(0, mostShown).map(failure => (
            <tr key={failure.line}>
              <td className={styles.when}>{failure.atLocal !== null && localText(failure.atLocal)}</td>
              <td>
                <code>{failure.code ?? 'none'}</code>
              </td>
              <td className={styles.quiet}>{failure.text.slice(0, 300)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
