import { Tooltip, UnstyledButton } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import styles from './copy-button.module.css';

/** Copies a value and says so. `what` names it for those who do not see the place. */
export function CopyButton({ value, what }: { readonly value: string; readonly what: string }) {
  const { copy, copied, error } = useClipboard({ timeout: 1500 });
  const said = copied ? 'Copied' : error ? 'The browser refused; select the text instead' : `Copy ${what}`;
  return (
    <Tooltip label={said}>
      <UnstyledButton className={styles.button} onClick={() => copy(value)} aria-label={`Copy ${what}`}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" data-copied={copied || undefined}>
          {copied ? (
            <path d="M3 8.6 6.4 12 13 4.6" />
          ) : (
            <path d="M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2m-7-5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1z" />
          )}
        </svg>
        <span className="sr-only" aria-live="polite">
          {copied ? `Copied ${what}` : ''}
        </span>
      </UnstyledButton>
    </Tooltip>
  );
}
