import { Button, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type DeviceRow, deviceStates } from '../../../../shared/api/device.ts';
import { shownName, useDeviceList, useFleetReadiness } from '../../api/devices.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { deviceWords, readinessWord } from '../../words/devices.ts';
import { spoken } from '../../words/verdict.ts';
import styles from './devices.module.css';
import { ReadinessChart } from './readiness-chart.tsx';

/** Every machine that was let in: what it is, how ready it is, whether it is down. */
export function DevicesScreen() {
  usePageHead('Devices');
  const search = useSearch({ from: '/frame/devices' });
  const navigate = useNavigate({ from: '/devices' });
  const list = useDeviceList(search);
  useShortcuts([{ keys: ['c'], does: 'Enrol machines', run: () => void navigate({ to: '/devices/enrol' }) }]);
  const readiness = useFleetReadiness();
  const counts = list.data?.pages[0]?.counts;
  if (list.data === undefined && list.error !== null)
    return <PageProblem error={list.error} what="the devices" onRetry={() => void list.refetch()} />;
  const rows = list.data?.pages.flatMap(page => page.devices) ?? [];
  if (counts !== undefined && counts.active + counts.pending + counts.retired === 0) return <NoDevices />;
  return (
    <>
      {counts === undefined ? (
        <Skeleton height={30} width={420} maw="80%" mt={2} />
      ) : (
        <div className={styles.first}>
          <h1 className={styles.verdict}>
            {spoken(counts.active)} {counts.active === 1 ? 'machine is' : 'machines are'} enrolled.{' '}
            {counts.pending === 0
              ? 'None waits to be accepted.'
              : `${spoken(counts.pending)} ${counts.pending === 1 ? 'waits' : 'wait'} to be accepted.`}
          </h1>
          <Link to="/devices/enrol">Enrol machines</Link>
        </div>
      )}
      {readiness.data !== undefined && <ReadinessChart readiness={readiness.data} />}
      <div className={styles.tools}>
        <nav className={styles.chips} aria-label="Filter by state">
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
          key={search.state ?? ''}
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
      {list.isPending ? (
        <Skeleton height={320} mt={16} />
      ) : rows.length === 0 ? (
        <p className={styles.none}>
          No machine has this in its name. <Link to="/devices">Show all machines</Link>
        </p>
      ) : (
        <ol className={styles.rows} aria-label="Devices">
          {rows.map(row => (
            <Device key={row.deviceId} row={row} />
          ))}
        </ol>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

const withSearch = (text: string | undefined) => (text === undefined || text === '' ? {} : { search: text });

function SearchField({
  text,
  onSearch,
}: {
  readonly text: string;
  readonly onSearch: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback(onSearch, 200);
  useShortcuts([{ keys: ['/'], does: 'Search', run: () => field.current?.focus() }]);
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label="Search devices"
      placeholder="A part of the name"
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value.trim());
      }}
    />
  );
}

function Device({ row }: { readonly row: DeviceRow }) {
  const { deviceId, name, model, state, score, lastSeenAt, isDown } = row;
  return (
    <li>
      <Link to="/devices/$deviceId" params={{ deviceId }} className={styles.row}>
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

/** What an installation without machines shows: how one gets in. */
function NoDevices() {
  return (
    <section className={styles.fresh}>
      <h1 className={styles.verdict}>No machine is enrolled yet.</h1>
      <p>
        A machine enrols once, while Windows is healthy: by hand, by Intune, by a group policy, or inside a
        recovery image. It keeps a key of its own from then on.
      </p>
      <Link to="/devices/enrol">Enrol the first machine</Link>
    </section>
  );
}
