import { useState } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { findDefinition } from '../../../../shared/facts/vocabulary.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Exact } from '../../parts/exact.tsx';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Disagreements } from './disagreements.tsx';
import styles from './evidence.module.css';
import { factText } from '../../words/fact-text.ts';

/** Everything the machine reported, each fact with its meaning and source. What is absent is unknown, not false. */
export function FactsTab({ detail }: { readonly detail: IncidentDetail }) {
  const [typed, setTyped] = useState('');
  const { incident, device } = detail;
  const facts = Object.entries(detail.facts)
    .map(([name, value]) => ({ name, text: factText(value), definition: findDefinition(name) }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const shown = facts.filter(({ name, text, definition }) =>
    fits(typed, name, text, definition?.meaning ?? ''),
  );
  return (
    <>
      <section className={styles.section}>
        <dl className={styles.pairs}>
          <dt>Device</dt>
          <dd>
            {device.name} <Exact value={device.deviceId} what="the device id" />
          </dd>
          <dt>Last seen</dt>
          <dd>
            {device.lastSeenAt === undefined ? (
              'never'
            ) : (
              <Moment at={device.lastSeenAt} as="instant" focusable />
            )}
          </dd>
          <dt>Incident</dt>
          <dd>
            <Exact value={incident.incidentId} what="the incident id" />
          </dd>
          <dt>Opened</dt>
          <dd>
            <Moment at={incident.openedAt} as="instant" focusable />
          </dd>
          {incident.closedAt !== undefined && (
            <>
              <dt>Closed</dt>
              <dd>
                <Moment at={incident.closedAt} as="instant" focusable />
              </dd>
            </>
          )}
        </dl>
      </section>
      <Disagreements detail={detail} />
      <section className={styles.section}>
        <h2>Facts</h2>
        <p className={styles.quiet}>
          As the machine reported them. A fact that is not here is unknown, never false.
        </p>
        <FilterField
          what="facts"
          text={typed}
          onChange={setTyped}
          shown={shown.length}
          total={facts.length}
        />
        <div className={styles.scroll}>
          <table className={`${styles.table} ${styles.stacks} ${styles.copies}`}>
            <thead>
              <tr>
                <th>Fact</th>
                <th>Value</th>
                <th>Read from</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, text, definition }) => (
                <tr key={name}>
                  <td title={definition?.meaning}>
                    <code>{name}</code>
                  </td>
                  <td>
                    <code>{text}</code>
                    {definition?.unit !== undefined && (
                      <span className={styles.quiet}> {definition.unit}</span>
                    )}
                    <CopyButton value={text} what={name} />
                  </td>
                  <td className={styles.quiet}>{definition?.source ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}
