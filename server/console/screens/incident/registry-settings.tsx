import type { ReactNode } from 'react';
import type { SoftwareExtract, SystemExtract } from '../../../../shared/registry/registry-extract.ts';
import { Moment } from '../../parts/moment.tsx';
import { counted } from '../../words/amounts.ts';
import styles from './evidence.module.css';

const yesNo = (value: boolean | null, yes: string, no: string) =>
  value === null ? 'not told' : value ? yes : no;

function setupOf({ setupInProgress, upgradeInProgress, outOfBoxInProgress }: SystemExtract['setup']): string {
  if (upgradeInProgress) return 'an upgrade is not finished';
  if (outOfBoxInProgress) return 'the first logon is not finished';
  return yesNo(setupInProgress, 'setup is not finished', 'none is open');
}

/** How Windows is set up to start and to crash. */
export function SystemSection({ content }: { readonly content: SystemExtract }) {
  const { crashControl, setup, bitLocker, pendingRenames, pendingRenameCount, filters } = content;
  return (
    <section className={styles.section}>
      <h2>How Windows starts</h2>
      <dl className={styles.pairs}>
        <Pair name="Control set">
          <code>{content.controlSet}</code>
        </Pair>
        <Pair name="After a crash">
          {yesNo(crashControl.restarts, 'it restarts', 'it stays on the blue screen: recovery never starts')};
          dump {crashControl.dump} <code className={styles.quiet}>{crashControl.dumpFile}</code>
        </Pair>
        <Pair name="Setup">{setupOf(setup)}</Pair>
        {setup.bootExecute.length > 0 && (
          <Pair name="Runs at start">
            <code>{setup.bootExecute.join(', ')}</code>
          </Pair>
        )}
        <Pair name="BitLocker">
          {yesNo(
            bitLocker.driverStartsAtBoot,
            'its driver starts with Windows',
            'its driver does not start with Windows: an encrypted volume stays unreadable',
          )}
        </Pair>
        <Pair name="Renames waiting">
          {pendingRenameCount === 0 ? 'none' : counted(pendingRenameCount, 'file')}
          {pendingRenames.length > 0 && (
            <ul>
              {pendingRenames.slice(0, 10).map(({ from, to }) => (
                <li key={`${from} ${to}`}>
                  <code>{from}</code>{' '}
                  <span className={styles.quiet}>{to === null ? 'deleted' : `becomes ${to}`}</span>
                </li>
              ))}
              {pendingRenameCount > 10 && <li>and {pendingRenameCount - 10} more</li>}
            </ul>
          )}
        </Pair>
        {filters.length > 0 && (
          <Pair name="Filter drivers">
            {filters.map(({ className, upper, lower }, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- classes may have no name
              <div key={`${index} ${className}`}>
                {className ?? 'class without a name'}{' '}
                <code className={styles.quiet}>{[...upper, ...lower].join(', ')}</code>
              </div>
            ))}
          </Pair>
        )}
      </dl>
    </section>
  );
}

/** What is installed: Windows itself, updates, security products. */
export function SoftwareSection({ content }: { readonly content: SoftwareExtract }) {
  const { os, unfinished, updates, updateCount, securityProducts } = content;
  return (
    <section className={styles.section}>
      <h2>What is installed</h2>
      <dl className={styles.pairs}>
        <Pair name="Windows">
          {os.product ?? 'not told'} {os.release ?? ''}{' '}
          <span className={styles.quiet}>
            build {os.build ?? '?'}.{os.revision ?? '?'}
          </span>
        </Pair>
        <Pair name="Servicing">
          {unfinished.length === 0 ? 'nothing waits' : `not finished: ${unfinished.join(', ')}`}
        </Pair>
        <Pair name="Security">
          {securityProducts.length === 0
            ? 'no product is registered'
            : [...new Set(securityProducts.map(({ name }) => name))].join(', ')}
        </Pair>
      </dl>
      {updates.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>
                  Update, {updates.length < updateCount ? `the newest of ${updateCount}` : 'newest first'}
                </th>
                <th>State</th>
                <th>Since</th>
              </tr>
            </thead>
            <tbody>
              {updates.map(({ name, state, installedAt }) => (
                <tr key={name} data-telling={state.endsWith('pending') || undefined}>
                  <td>
                    <code>{name}</code>
                  </td>
                  <td>{state.replace('-', ' ')}</td>
                  <td className={styles.quiet}>
                    {installedAt === null ? 'not told' : <Moment at={installedAt} as="instant" />}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
