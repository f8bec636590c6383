import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { AgentReleaseRow, SteerAgentRelease } from '../../../../shared/api/agent-release.ts';
import { useAgentReleases } from '../../api/agent-releases.ts';
import { useSession } from '../../api/session.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { haltReason, releasesVerdict, wasHaltedByServer } from '../../words/agent-releases.ts';
import { counted, sizeText } from '../../words/amounts.ts';
import { personOf } from '../../words/people.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './agent-part.module.css';
import { SteerDialog } from './steer-dialog.tsx';
import system from './system.module.css';

/** Newer agents on their way to healthy machines: how far each came, and the brake. */
export function AgentPart() {
  const releases = useAgentReleases();
  if (releases.data === undefined) {
    if (releases.error !== null)
      return (
        <PageProblem
          error={releases.error}
          what="the releases of the agent"
          onRetry={() => void releases.refetch()}
        />
      );
    return <Skeleton height={240} aria-busy="true" />;
  }
  const [newest, ...older] = releases.data;
  return (
    <>
      <Verdict>{releasesVerdict(releases.data)}</Verdict>
      {newest !== undefined && <Newest release={newest} />}
      {older.length > 0 && (
        <section className={system.section}>
          <h2>Earlier releases</h2>
          <ul className={`${system.rows} ${styles.earlier}`} aria-label="Earlier releases">
            {older.map(release => (
              <Earlier key={release.number} release={release} />
            ))}
          </ul>
        </section>
      )}
      <section className={system.section}>
        <h2>{newest === undefined ? 'Publish one' : 'Publish a newer one'}</h2>
        <p className={system.lead}>
          Approvers sign its bytes, and the server takes no other. There is no way back to an older agent:
          publish a newer one that behaves as the older did. On the server:
        </p>
        <CommandLine command="npm run -s bootmend -- agent-release draft bootmend.exe --to release.json" />
        <CommandLine command="npm run -s bootmend -- sign release.json --key anna.json" />
        <CommandLine command="npm run -s bootmend -- agent-release publish release.json --exe bootmend.exe --percent 1" />
      </section>
    </>
  );
}

const stages = [1, 10, 25, 50, 100];

function Newest({ release }: { readonly release: AgentReleaseRow }) {
  const { percent, state, sha256, sizeBytes, publishedAt, publishedBy } = release;
  const mayAct = hasRightsOf(useSession().data?.role, 'admin');
  return (
    <>
      <p className={system.lead}>
        Published <Moment at={publishedAt} as="instant" focusable /> by {personOf(publishedBy)},{' '}
        {sizeText(sizeBytes)}, SHA-256{' '}
        <Exact value={sha256} short={`${sha256.slice(0, 16)}…`} what="the hash" />
      </p>
      <ol className={styles.stages} aria-label="Share of the machines">
        {stages.map(stage => (
          <li
            key={stage}
            data-reached={percent >= stage || undefined}
            data-halted={state === 'halted' || undefined}
            aria-current={stage === percent ? 'step' : undefined}
          >
            {stage} %
          </li>
        ))}
      </ol>
      <Machines release={release} />
      {mayAct ? (
        <Steering release={release} />
      ) : (
        <p className={system.quiet}>The role admin offers a release to more machines, or halts it.</p>
      )}
    </>
  );
}

/** What became of it on the machines that were offered it. */
function Machines({ release: { machines } }: { readonly release: AgentReleaseRow }) {
  const { offered, fetched, silent, installed, failed } = machines;
  if (offered === 0) return <p className={system.lead}>No machine was offered it yet.</p>;
  const parts = [
    { name: 'run it', count: installed, of: 'healed' },
    { name: 'have it and told nothing since', count: fetched - silent, of: 'healing' },
    { name: 'silent for more than a day', count: silent, of: 'down' },
    { name: 'failed', count: failed, of: 'down' },
    { name: 'did not fetch it yet', count: offered - fetched - installed - failed, of: 'closed' },
  ];
  return (
    <dl className={styles.machines}>
      {parts.map(({ name, count, of }) => (
        <div key={name} data-of={of} data-none={count === 0 || undefined}>
          <dt>{name}</dt>
          <dd>{count.toLocaleString('en')}</dd>
        </div>
      ))}
    </dl>
  );
}

function Steering({ release }: { readonly release: AgentReleaseRow }) {
  const { percent, state } = release;
  const wider = stages.find(stage => stage > percent);
  const [share, setShare] = useState<string>();
  const [asked, setAsked] = useState<SteerAgentRelease['kind']>();
  const chosen = Number(share ?? wider ?? percent);
  return (
    <div className={styles.steer}>
      {state === 'running' ? (
        <>
          <NativeSelect
            label="Offer it to"
            value={String(chosen)}
            onChange={event => setShare(event.currentTarget.value)}
            data={[0, ...stages].map(stage => ({
              value: String(stage),
              label:
                stage === 0 ? 'no machine' : stage === 100 ? 'every machine' : `${stage} % of the machines`,
            }))}
          />
          <Button disabled={chosen === percent} onClick={() => setAsked('offer')}>
            Offer it
          </Button>
          <Button variant="default" onClick={() => setAsked('halt')}>
            Halt it
          </Button>
        </>
      ) : (
        <Button onClick={() => setAsked('resume')}>Go on</Button>
      )}
      {asked !== undefined && (
        <SteerDialog
          kind={asked}
          percent={chosen}
          release={release}
          onClose={() => {
            setAsked(undefined);
            setShare(undefined);
          }}
        />
      )}
    </div>
  );
}

function Earlier({ release }: { readonly release: AgentReleaseRow }) {
  const { version, state, haltedBecause = '', machines, publishedAt, percent } = release;
  return (
    <li>
      <b>{version}</b>
      <span>
        {state === 'halted'
          ? `halted${wasHaltedByServer(release) ? ' by the server' : ''}: ${haltReason(haltedBecause)}`
          : `offered to ${percent} % until a newer one came`}
      </span>
      <span className={system.quiet}>
        {counted(machines.installed, 'machine')} took it
        {machines.failed > 0 && `, ${machines.failed.toLocaleString('en')} failed`}
      </span>
      <span className={system.quiet}>
        <Moment at={publishedAt} as="instant" />
      </span>
    </li>
  );
}
