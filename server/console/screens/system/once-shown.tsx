import type { ReactNode } from 'react';
import { CommandLine } from '../../parts/command-line.tsx';
import styles from './system.module.css';

interface OnceShownProps {
  readonly title: string;
  readonly secret: string;
  /** What is copied: "the secret". */
  readonly what: string;
  readonly children: ReactNode;
}

/** Something that the server says once and never again. */
export function OnceShown({ title, secret, what, children }: OnceShownProps) {
  return (
    <section className={styles.once} aria-live="polite">
      <h3>{title}</h3>
      <CommandLine command={secret} what={what} />
      <p>{children}</p>
    </section>
  );
}
