import { Link } from '@tanstack/react-router';
import type { Now } from '../../../../shared/api/now.ts';
import { MarkShape } from '../../parts/state-mark.tsx';
import { counted } from '../../words/amounts.ts';
import styles from './now.module.css';

/** What waits for a person, each with the way to do it. */
export function NeedsYou({ now }: { readonly now: Now }) {
  const waiting = now.causes.filter(cause => cause.needPerson > 0);
  const { pending } = now.devices;
  return (
    <section className={styles.needs}>
      <h2>Needs you</h2>
      {waiting.length === 0 && pending === 0 ? (
        <p className={styles.quiet}>Nothing. Machines that can be healed are healed without you.</p>
      ) : (
        <ul>
          {waiting.slice(0, 5).map(cause => (
            <li key={`${cause.kind} ${cause.id}`}>
              <MarkShape mark="person" size={12} />
              <div>
                <p>
                  {cause.kind === 'known-issue'
                    ? `Decide on “${cause.title}”`
                    : cause.kind === 'crash'
                      ? `Explain the crash ${cause.title}`
                      : 'Look at machines without a known cause'}
                </p>
                <Link
                  to="/incidents"
                  search={{ state: 'person', ...(cause.id === '' ? {} : { search: cause.id.slice(0, 200) }) }}
                >
                  {counted(cause.needPerson, 'machine')}
                </Link>
              </div>
            </li>
          ))}
          {pending > 0 && (
            <li>
              <MarkShape mark="person" size={12} />
              <div>
                <p>Accept machines that enrolled from an image</p>
                <Link to="/devices" search={{ state: 'pending' }}>
                  {counted(pending, 'machine')}
                </Link>
              </div>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
