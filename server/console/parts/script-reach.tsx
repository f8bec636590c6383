import { sayNames, sayReach } from '../../../shared/api/say-reach.ts';
import { useScriptReach } from '../api/remediations.ts';
import styles from './script-reach.module.css';

interface ScriptReachProps {
  readonly remediationId: string;
  readonly version: number;
}

/** Which machines would do nothing with a version, said before anybody signs it. */
export function ScriptReach({ remediationId, version }: ScriptReachProps) {
  const reach = useScriptReach(remediationId, version);
  if (reach.data === undefined)
    return (
      <p className={styles.quiet}>
        {reach.error === null
          ? 'Counting which machines it is for.'
          : 'Which machines it is for could not be counted; each decides by itself when it comes to it.'}
      </p>
    );
  const { refusals, unknown } = reach.data;
  const [verdict] = sayReach(reach.data);
  return (
    <section className={styles.reach} aria-label="Machines that would refuse it">
      <p className={refusals.length > 0 ? styles.problem : undefined}>{verdict}</p>
      {(refusals.length > 0 || unknown.machines > 0) && (
        <ul className={styles.reasons}>
          {refusals.map(({ sentence, machines, names }) => (
            <li key={sentence}>
              {sentence} <Machines machines={machines} names={names} />
            </li>
          ))}
          {unknown.machines > 0 && (
            <li>
              It depends on what these never told. <Machines {...unknown} />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Machines({ machines, names }: { readonly machines: number; readonly names: readonly string[] }) {
  return (
    <span className={styles.quiet}>
      {machines === 1 ? 'One machine' : `${machines} machines`}: {sayNames(names, machines)}.
    </span>
  );
}
