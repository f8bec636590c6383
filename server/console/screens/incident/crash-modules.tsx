import { useState } from 'react';
import type { CrashDump } from '../../../../shared/crashdump/crash-dump.ts';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { sizeText } from '../../words/amounts.ts';
import styles from './evidence.module.css';

interface CrashModulesProps {
  readonly dump: CrashDump;
  /** What the machine told: the files of its suspects say what no dump knows, their vendor and version. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Every driver that was loaded, the culprit first and marked; then those unloaded before. */
export function CrashModules({ dump, facts }: CrashModulesProps) {
  const [typed, setTyped] = useState('');
  const culprit = dump.culprit.module?.toLowerCase();
  const isCulprit = (name: string) => name.toLowerCase() === culprit;
  const told = (name: string, what: 'vendor' | 'version') => {
    const fact = facts[`driver.${name.toLowerCase().replace(/\.sys$/, '')}.${what}`];
    return typeof fact === 'string' ? fact : undefined;
  };
  const fitting = dump.modules.filter(({ name, path }) =>
    fits(typed, name, path, told(name, 'vendor') ?? ''),
  );
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
        <p className={styles.quiet}>
          A dump names no vendors and versions: the machine told them of those that it suspected.
        </p>
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>Module</th>
                <th>Vendor</th>
                <th>Version</th>
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
                  <td>{told(module.name, 'vendor') ?? <Untold />}</td>
                  <td>{told(module.name, 'version') ?? <Untold />}</td>
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

/** A cell that nobody filled. */
const Untold = () => (
  <span className={styles.quiet} aria-hidden="true">
    –
  </span>
);
