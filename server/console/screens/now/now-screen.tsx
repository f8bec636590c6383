import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Now } from '../../../../shared/api/now.ts';
import { useFleetNow } from '../../api/now.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { PageProblem } from '../../parts/page-problem.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { markWords, marks } from '../../words/states.ts';
import { countAll, countOf, listVerdict, worstMark } from '../../words/verdict.ts';
import { FreshInstall } from '../incidents/fresh-install.tsx';
import { Causes } from './causes.tsx';
import { HealingCurve } from './healing-curve.tsx';
import { NeedsYou, othersOf } from './needs-you.tsx';
import styles from './now.module.css';

/** How the fleet stands: the verdict, the last day, what needs a person, and why machines are down. */
export function NowScreen() {
  const fleet = useFleetNow();
  const now = fleet.data;
  usePageHead('Now', now === undefined ? undefined : worstMark(now.counts));
  if (now === undefined) {
    if (fleet.error !== null)
      return (
        <PageProblem error={fleet.error} what="how the fleet stands" onRetry={() => void fleet.refetch()} />
      );
    return (
      <div aria-busy="true">
        <p className="sr-only">Reading how the fleet stands</p>
        <Skeleton height={30} width={520} maw="90%" mt={2} />
        <Skeleton height={190} mt={32} />
        <Skeleton height={160} mt={32} />
      </div>
    );
  }
  const isFresh = countAll(now.counts) === 0;
  if (isFresh && now.devices.active + now.devices.pending === 0) return <FreshInstall />;
  return (
    <>
      <Verdict>{listVerdict(now.counts, othersOf(now))}</Verdict>
      <Standing now={now} />
      <div className={styles.body}>
        <HealingCurve curve={now.curve} />
        <NeedsYou now={now} />
      </div>
      <Causes causes={now.causes} />
    </>
  );
}

/** How many machines are in each state, and how many stand ready. */
function Standing({ now }: { readonly now: Now }) {
  const { active, ready, toldReadiness } = now.devices;
  return (
    <ul className={styles.standing} aria-label="Machines by state">
      {marks.map(mark => (
        <li key={mark}>
          <Link to="/incidents" search={{ state: mark }}>
            <MarkShape mark={mark} size={12} />
            {markWords[mark]} <b>{countOf(now.counts, mark).toLocaleString('en')}</b>
          </Link>
        </li>
      ))}
      <li>
        <Link to="/devices">
          {active.toLocaleString('en')} enrolled
          {toldReadiness > 0 &&
            `, ${ready.toLocaleString('en')} of ${toldReadiness.toLocaleString('en')} ready`}
        </Link>
      </li>
    </ul>
  );
}
