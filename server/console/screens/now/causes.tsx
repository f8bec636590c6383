import { Link } from '@tanstack/react-router';
import type { NowCause } from '../../../../shared/api/now.ts';
import { MarkShape } from '../../parts/state-mark.tsx';
import type { Mark } from '../../words/states.ts';
import styles from './now.module.css';

/** Why machines are not back: each cause with its counts (waiting are those that nothing heals yet) and its last day, leading to its incidents. */
export function Causes({ causes }: { readonly causes: readonly NowCause[] }) {
  if (causes.length === 0) return null;
  return (
    <section className={styles.causes}>
      <h2>By cause</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Cause</th>
            <th>Waiting</th>
            <th>Healing</th>
            <th>Healed today</th>
            <th>24 hours</th>
          </tr>
        </thead>
        <tbody>
          {causes.map(cause => (
            <Cause key={`${cause.kind} ${cause.id}`} cause={cause} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function markOf({ down, needPerson, healing }: NowCause): Mark {
  if (needPerson > 0) return 'person';
  if (down > 0) return 'down';
  return healing > 0 ? 'healing' : 'healed';
}

function Cause({ cause }: { readonly cause: NowCause }) {
  const { kind, id, title, down, healing, healedToday, trend } = cause;
  return (
    <tr>
      <td>
        <span className={styles.cause}>
          <MarkShape mark={markOf(cause)} size={12} />
          {kind === 'unknown' ? (
            title
          ) : (
            <Link to="/incidents" search={{ search: id.slice(0, 200) }}>
              {title}
            </Link>
          )}
          {kind === 'crash' && <span className={styles.quiet}>unexplained</span>}
        </span>
      </td>
      <td data-what="waiting">{down.toLocaleString('en')}</td>
      <td data-what="healing">{healing.toLocaleString('en')}</td>
      <td data-what="healed">{healedToday.toLocaleString('en')}</td>
      <td data-what="trend">
        <Trend trend={trend} />
      </td>
    </tr>
  );
}

/** A day of calls for help as small bars, and what became of it in words. */
function Trend({ trend }: { readonly trend: readonly number[] }) {
  const top = Math.max(1, ...trend);
  const [before, last] = [trend.at(-2) ?? 0, trend.at(-1) ?? 0];
  const said =
    last > before
      ? `rising: ${last} in the last hour, ${before} in the one before`
      : last < before
        ? `falling: ${last} in the last hour, ${before} in the one before`
        : `${last} in the last hour`;
  return (
    <>
      <svg className={styles.trend} viewBox="0 0 96 18" width="96" height="18" aria-hidden="true">
        {trend.map((value, hour) => {
          const tall = value === 0 ? 1 : 2 + (value / top) * 16;
          // oxlint-disable-next-line react/no-array-index-key -- the hour is what a bar is
          return <rect key={hour} x={hour * 4} width="3" y={18 - tall} height={tall} />;
        })}
      </svg>
      <span className="sr-only">{said}</span>
    </>
  );
}
