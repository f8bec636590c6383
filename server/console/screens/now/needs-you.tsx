import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Now, NowCause } from '../../../../shared/api/now.ts';
import { MarkShape } from '../../parts/state-mark.tsx';
import { counted } from '../../words/amounts.ts';
import styles from './now.module.css';

/** How many things beside machines that are down wait for a person. */
export const othersOf = ({ devices, keyRequests, haltedRelease }: Now): number =>
  [devices.pending > 0, keyRequests > 0, haltedRelease !== undefined].filter(Boolean).length;

const mostCauses = 5;

/** What waits for a person, each with the way to do it; where somebody stands in front of a machine comes first. */
export function NeedsYou({ now }: { readonly now: Now }) {
  const waiting = now.causes.filter(cause => cause.needPerson > 0);
  const { keyRequests, haltedRelease } = now;
  const { pending } = now.devices;
  return (
    <section className={styles.needs}>
      <h2>Needs you</h2>
      {waiting.length === 0 && othersOf(now) === 0 ? (
        <p className={styles.quiet}>Nothing. Machines that can be healed are healed without you.</p>
      ) : (
        <ul>
          {keyRequests > 0 && (
            <Need what="Release a recovery key, or refuse it">
              <Link to="/system/$part" params={{ part: 'keys' }}>
                {counted(keyRequests, 'locked machine')}
              </Link>
            </Need>
          )}
          {waiting.slice(0, mostCauses).map(cause => (
            <Need key={`${cause.kind} ${cause.id}`} what={deedOf(cause)}>
              <Link
                to="/incidents"
                search={{ state: 'person', ...(cause.id === '' ? {} : { search: cause.id.slice(0, 200) }) }}
              >
                {counted(cause.needPerson, 'machine')}
              </Link>
            </Need>
          ))}
          {pending > 0 && (
            <Need what="Accept machines that enrolled from an image">
              <Link to="/devices" search={{ state: 'pending' }}>
                {counted(pending, 'machine')}
              </Link>
            </Need>
          )}
          {haltedRelease !== undefined && (
            <Need what={`Agent ${haltedRelease.version} halted itself`}>
              <Link to="/system/$part" params={{ part: 'agent' }}>
                See what happened
              </Link>
            </Need>
          )}
        </ul>
      )}
    </section>
  );
}

function deedOf({ kind, title }: NowCause): string {
  if (kind === 'known-issue') return `Decide on “${title}”`;
  return kind === 'crash' ? `Explain the crash ${title}` : 'Look at machines without a known cause';
}

function Need({ what, children }: { readonly what: string; readonly children: ReactNode }) {
  return (
    <li>
      <MarkShape mark="person" size={12} />
      <div>
        <p>{what}</p>
        {children}
      </div>
    </li>
  );
}
