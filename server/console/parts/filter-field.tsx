import { TextInput } from '@mantine/core';
import styles from './filter-field.module.css';

interface FilterFieldProps {
  /** What is filtered: "modules". */
  readonly what: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly shown: number;
  readonly total: number;
}

/** Narrows a long table, and says how much of it is left. */
export function FilterField({ what, text, onChange, shown, total }: FilterFieldProps) {
  return (
    <div className={styles.field}>
      <TextInput
        type="search"
        aria-label={`Filter ${what}`}
        placeholder={`Filter ${what}`}
        value={text}
        onChange={event => onChange(event.currentTarget.value)}
      />
      <output>
        {text === ''
          ? total.toLocaleString('en')
          : `${shown.toLocaleString('en')} of ${total.toLocaleString('en')}`}
      </output>
    </div>
  );
}

/** Whether any of the texts holds what somebody typed, without regard to case. */
export function fits(typed: string, ...texts: readonly string[]): boolean {
  const wanted = typed.trim().toLowerCase();
  return wanted === '' || texts.some(text => text.toLowerCase().includes(wanted));
}
