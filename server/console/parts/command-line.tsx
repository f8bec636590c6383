import { CopyButton } from './copy-button.tsx';
import styles from './command-line.module.css';

/** A command to type, with its copy button. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <div className={styles.line}>
      <code>{command}</code>
      <CopyButton value={command} what="the command" />
    </div>
  );
}
