import type { ReactNode } from 'react';
import mark from '../../marks/bootmend.svg';
import styles from './door.module.css';

/** The page in front of the house: one form and nothing else. */
export function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={styles.door}>
      <p className={styles.brand}>
        <img src={mark} alt="" width="24" height="24" /> Bootmend
      </p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
