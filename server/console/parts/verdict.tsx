import type { ReactNode } from 'react';
import styles from './verdict.module.css';

/** The sentence that a page says first; whoever listens hears it again when it changes. */
export const Verdict = ({ children }: { readonly children: ReactNode }) => (
  <div aria-live="polite">
    <h1 className={styles.verdict}>{children}</h1>
  </div>
);
