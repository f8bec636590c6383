import { useState } from 'react';
import { findServiceOf } from '../../../../shared/facts/facts-of-services.ts';
import type { SystemExtract } from '../../../../shared/registry/registry-extract.ts';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import styles from './evidence.module.css';

interface RegistryDriversProps {
  readonly content: SystemExtract;
  /** File names of drivers that other evidence points at. */
  readonly suspects: readonly string[];
}

/** Drivers that are loaded before anybody logs on, suspected ones first and marked. */
export function RegistryDrivers({ content: { services, serviceCount }, suspects }: RegistryDriversProps) {
  const [typed, setTyped] = useState('');
  const suspected = new Set(suspects.map(name => findServiceOf(services, name)?.name));
  const shown = services.filter(({ name, group, imagePath }) =>
    fits(typed, name, group ?? '', imagePath ?? ''),
  );
  if (services.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>Drivers of a start</h2>
      <p className={styles.quiet}>
        Loaded before anybody logs on, of {serviceCount.toLocaleString('en')} services and drivers.
      </p>
      <FilterField
        what="drivers"
        text={typed}
        onChange={setTyped}
        shown={shown.length}
        total={services.length}
      />
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.stacks}`}>
          <thead>
            <tr>
              <th>Service</th>
              <th>Start</th>
              <th className={styles.wide}>Group</th>
              <th>File</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, start, startOverride, group, imagePath, errorControl }) => (
              <tr key={name} data-telling={suspected.has(name) || undefined}>
                <td>
                  <code>{name}</code>
                  {suspected.has(name) && <span className={styles.tag}>suspected</span>}
                </td>
                <td>
                  {startOverride ?? start}
                  {startOverride !== null && <span className={styles.quiet}> instead of {start}</span>}
                  {errorControl === 'critical' && <span className={styles.quiet}>, critical</span>}
                </td>
                <td className={`${styles.quiet} ${styles.wide}`}>{group ?? ''}</td>
                <td className={styles.quiet}>
                  <code>{imagePath ?? `${name}.sys`}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
