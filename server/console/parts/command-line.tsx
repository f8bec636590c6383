import { CopyButton } from './copy-button.tsx';
import styles from './command-line.module.css';

interface CommandLineProps {
  readonly command: string;
  /** What is copied, where it is no command. */
  readonly what?: string;
}

/** A command to type, with its copy button. */
export function CommandLine({ command, what = 'the command' }: CommandLineProps) {
  return (
    <div className={styles.line}>
      <code>{command}</code>
      <CopyButton value={command} what={what} />
    </div>
  );
}
