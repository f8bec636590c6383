import { Button, Skeleton } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { type DeviceRow, deviceStates } from '../../../../shared/api/device.ts';
import { shownName, useDeviceList, useFleetReadiness } from '../../api/devices.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import list from '../../parts/place-list.module.css';
import { SearchField } from '../../parts/search-field.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { deviceWords, readinessWord } from '../../words/devices.ts';
import { spoken } from '../../words/verdict.ts';
import type { DevicesSearch } from './devices-search.ts';
import styles from './devices.module.css';
import { ReadinessChart } from './readiness-chart.tsx';

/** Every machine that was let in: what it is, how ready it is, whether it is down. */
export function DevicesScreen() {
  usePageHead('Devices');
  const search = useSearch({ from: '/frame/devices' });
  const navigate = useNavigate({ from: '/devices' });
  const query = useDeviceList(search);
  const rowList = useRef<HTMLOListElement>(null);
  useRowKeys(rowList, 'device');
  useShortcuts([{ keys: ['c'], does: 'Enrol machines', run: () => void navigate({ to: '/devices/enrol' }) }]);
  const readiness = useFleetReadiness();
  const counts = query.data?.pages[0]?.counts;
  if (query.data === undefined && query.error !== null)
    return <PageProblem error={query.error} what="the devices" onRetry={() => void query.refetch()} />;
  const rows = query.data?.pages.flatMap(page => page.devices) ?? [];
  if (counts !== undefined && counts.active + counts.pending + counts.retired === 0) return <NoDevices />;
  return (
    <>
      {counts === undefined ? (
        <Skeleton height={30} width={420} maw="80%" mt={2} />
      ) : (
        <div className={list.head}>
          <Verdict>
            {spoken(counts.active)} {counts.active === 1 ? 'machine is' : 'machines are'} enrolled.{' '}
            {counts.pending === 0
              ? 'None waits to be accepted.'
              : `${spoken(counts.pending)} ${counts.pending === 1 ? 'waits' : 'wait'} to be accepted.`}
          </Verdict>
          <Button component={Link} to="/devices/enrol">
            Enrol machines
          </Button>
        </div>
      )}
      {readiness.data !== undefined && <ReadinessChart readiness={readiness.data} />}
      <div className={list.tools}>
        <nav className={list.chips} aria-label="Filter by state">
          <Link
            to="/devices"
            search={withSearch(search.search)}
            replace
            aria-current={search.state === undefined ? 'true' : undefined}
            activeOptions={{ exact: true, explicitUndefined: true }}
            activeProps={{}}
          >
            All
          </Link>
          {deviceStates.map(state => (
            <Link
              key={state}
              to="/devices"
              search={{ ...withSearch(search.search), state }}
              replace
              aria-current={search.state === state ? 'true' : undefined}
              activeOptions={{ exact: true, explicitUndefined: true }}
              activeProps={{}}
            >
              {deviceWords[state]} <b>{counts?.[state].toLocaleString('en') ?? '–'}</b>
            </Link>
          ))}
        </nav>
        <SearchField
          what="devices"
          placeholder="A part of the name"
          text={search.search ?? ''}
          onSearch={text =>
            void navigate({
              search: before => ({
                ...(before.state !== undefined && { state: before.state }),
                ...withSearch(text),
              }),
              replace: true,
            })
          }
        />
      </div>
      {query.isPending ? (
        <Skeleton height={320} mt={16} />
      ) : rows.length === 0 ? (
        <NoneFound search={search} />
      ) : (
        <ol ref={rowList} aria-label="Devices">
          {rows.map(row => (
            <Device key={row.deviceId} row={row} />
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

const withSearch = (text: string | undefined) => (text === undefined || text === '' ? {} : { search: text });

function Device({ row }: { readonly row: DeviceRow }) {
  const { deviceId, name, model, state, score, lastSeenAt, isDown } = row;
  return (
    <li>
      <Link to="/devices/$deviceId" params={{ deviceId }} className={`${list.row} ${styles.row}`}>
        <span className={styles.name}>{shownName(name, deviceId)}</span>
        <span className={styles.state}>
          {isDown ? (
            <>
              <MarkShape mark="down" size={12} /> Not back yet
            </>
          ) : state === 'pending' ? (
            <>
              <MarkShape mark="person" size={12} /> {deviceWords[state]}
            </>
          ) : (
            deviceWords[state]
          )}
        </span>
        <span className={styles.model}>{model ?? ''}</span>
        <span className={styles.ready}>
          {score !== undefined && <b>{score}</b>} {readinessWord(score)}
        </span>
        <span className={styles.when}>
          {lastSeenAt === undefined ? 'never seen' : <Moment at={lastSeenAt} as="ago" />}
        </span>
      </Link>
    </li>
  );
}

/** A filter or search that leaves nothing, and the way back. */
function NoneFound({ search: { state, search } }: { readonly search: DevicesSearch }) {
  const among = state === undefined ? '' : ` under “${deviceWords[state]}”`;
  return (
    <div className={list.none}>
      <h2>
        {search === undefined ? `No machine${among}` : `No machine has “${search}” in its name${among}`}
      </h2>
      <p>
        <Link to="/devices">Show all machines</Link>
      </p>
    </div>
  );
}

/** What an installation without machines shows: how one gets in. */
function NoDevices() {
  return (
    <section className={styles.fresh}>
      <Verdict>No machine is enrolled yet.</Verdict>
      <p>
        A machine enrols once, while Windows is healthy: by hand, by Intune, by a group policy, or inside a
        recovery image. It keeps a key of its own from then on.
      </p>
      <Link to="/devices/enrol">Enrol the first machine</Link>
    </section>
  );
}
