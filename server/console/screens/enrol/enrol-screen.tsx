import { Skeleton } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import type { EnrolmentReadiness } from '../../../../shared/api/enrolment.ts';
import { agentPath, useEnrolment } from '../../api/enrolment.ts';
import { useSession } from '../../api/session.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { sizeText } from '../../words/amounts.ts';
import { hasRightsOf } from '../../words/rights.ts';
import { BundleForm } from './bundle-form.tsx';
import styles from './enrol.module.css';
import { enrolWays } from './enrol-search.ts';
import { WaySteps } from './way-steps.tsx';

/** How machines get in: the agent, a bundle with a token, and the steps of the way that was chosen. */
export function EnrolScreen() {
  usePageHead('Enrol machines');
  const enrolment = useEnrolment();
  const { way = 'hand' } = useSearch({ from: '/frame/devices/enrol' });
  const isOperator = hasRightsOf(useSession().data?.role, 'operator');
  if (enrolment.data === undefined) {
    if (enrolment.error !== null)
      return (
        <PageProblem error={enrolment.error} what="the enrolment" onRetry={() => void enrolment.refetch()} />
      );
    return <Skeleton height={320} aria-busy="true" />;
  }
  const { canEnrol, devicePort } = enrolment.data;
  return (
    <>
      <p className={styles.quiet}>
        <Link to="/devices">Devices</Link>
      </p>
      <Verdict>
        {canEnrol
          ? 'A machine enrols once, while its Windows is healthy.'
          : 'Before the first machine: say whose signatures machines believe.'}
      </Verdict>
      {!canEnrol && <TrustFirst />}
      <nav className={styles.ways} aria-label="Ways to enrol">
        {Object.entries(enrolWays).map(([name, word]) => (
          <Link
            key={name}
            to="/devices/enrol"
            search={{ way: name as keyof typeof enrolWays }}
            replace
            aria-current={name === way ? 'true' : undefined}
            activeOptions={{ exact: true, explicitUndefined: true }}
            activeProps={{}}
          >
            {word}
          </Link>
        ))}
      </nav>
      <ol className={styles.steps}>
        <li>
          <h2>Take the agent</h2>
          <Agent agent={enrolment.data.agent} />
        </li>
        <li>
          <h2>Make a bundle</h2>
          {!canEnrol ? (
            <p className={styles.quiet}>This waits for the trust document above.</p>
          ) : isOperator ? (
            <BundleForm
              kind={way === 'wim' || way === 'network' ? 'image' : 'device'}
              devicePort={devicePort}
            />
          ) : (
            <p className={styles.quiet}>The role operator makes bundles. An admin can give it to you.</p>
          )}
        </li>
        <WaySteps way={way} />
      </ol>
    </>
  );
}

function TrustFirst() {
  return (
    <div className={styles.first}>
      <p>
        Machines run only what approvers signed, so each must know their keys before it is let in. On the
        approver&rsquo;s own machine, then on the server:
      </p>
      <CommandLine command='npm run -s bootmend -- key new approver.json --owner "Anna Approver"' />
      <CommandLine command="npm run -s bootmend -- trust draft trust.json --approver approver.pub.json" />
      <CommandLine command="npm run -s bootmend -- sign trust.json --key approver.json" />
      <CommandLine command="npm run -s bootmend -- trust publish trust.json" />
    </div>
  );
}

function Agent({ agent }: { readonly agent: EnrolmentReadiness['agent'] }) {
  if (agent === undefined)
    return (
      <>
        <p>It is not built on this server yet. There, this makes it and prints its hash:</p>
        <CommandLine command="npm run build:agent" />
      </>
    );
  return (
    <>
      <p>
        <a href={agentPath} download="bootmend.exe">
          bootmend.exe
        </a>
        , {sizeText(agent.sizeBytes)}, built <Moment at={agent.builtAt} as="instant" focusable />
      </p>
      <p className={styles.quiet}>
        SHA-256 <Exact value={agent.sha256} what="the hash of the agent" />
      </p>
    </>
  );
}
