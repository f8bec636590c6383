import { useState } from 'react';
import type { CrashDump } from '../../../../shared/crashdump/crash-dump.ts';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { sizeText } from '../../words/amounts.ts';
import styles from './evidence.module.css';

/** Every driver that was loaded, the culprit first and marked; then those unloaded before. */
export function CrashModules({ dump }: { readonly dump: CrashDump }) {
  const [typed, setTyped] = useState('');
  const culprit = dump.culprit.module?.toLowerCase();
  const isCulprit = (name: string) => name.toLowerCase() === culprit;
  const fitting = dump.modules.filter(({ name, path }) => fits(typed, name, path));
  const shown = [
    ...fitting.filter(one => isCulprit(one.name)),
    ...fitting.filter(one => !isCulprit(one.name)),
  ];
  return (
    <>
      <section className={styles.section}>
        <h2>Modules</h2>
        <FilterField
          what="modules"
          text={typed}
          onChange={setTyped}
          shown={shown.length}
          total={dump.modules.length}
        />
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>Module</th>
                <th>Base</th>
                <th className={styles.number}>Size</th>
                <th className={styles.wide}>Build</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(module => (
                <tr key={`${module.base} ${module.path}`} data-telling={isCulprit(module.name) || undefined}>
                  <td title={module.path}>
                    <code>{module.name}</code>
                    {isCulprit(module.name) && <span className={styles.tag}>culprit</span>}
                  </td>
                  <td className={styles.quiet}>
                    <code>{module.base}</code>
                  </td>
                  <td className={styles.number} title={`${module.sizeBytes.toLocaleString('en')} bytes`}>
                    {sizeText(module.sizeBytes)}
                  </td>
                  <td className={`${styles.quiet} ${styles.wide}`}>
                    <code title="Link date or hash, and check sum">
                      {module.timeDateStamp} {module.checkSum}
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {dump.unloadedModules.length > 0 && (
        <section className={styles.section}>
          <h2>Unloaded before the crash</h2>
          <p className={styles.quiet}>Windows cuts these names to 12 characters.</p>
          <p>
            {dump.unloadedModules.map(({ name, start }) => (
              <span key={`${start} ${name}`}>
                <code>{name}</code>{' '}
              </span>
            ))}
          </p>
        </section>
      )}
    </>
  );
}
