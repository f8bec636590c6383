import type { Ref } from 'react';
import type { SourceMistake } from '../../../../shared/api/known-issue.ts';
import styles from './known-issue.module.css';

interface SourceFieldProps {
  readonly label: string;
  /** File name that the text has in a catalogue. */
  readonly name: string;
  readonly text: string;
  readonly mistakes: readonly SourceMistake[];
  readonly field: Ref<HTMLTextAreaElement>;
  readonly onChange: (text: string) => void;
}

/** A text as it is stored, with the numbers of its lines; lines with a mistake are marked. */
export function SourceField({ label, name, text, mistakes, field, onChange }: SourceFieldProps) {
  const lines = text.split('\n').length;
  const wrong = new Set(mistakes.map(one => one.line));
  return (
    <label className={styles.sourceField}>
      <span>
        {label} <code>{name}</code>
      </span>
      <span className={styles.sourceBox}>
        <span className={styles.lineNumbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => (
            <i key={index} data-wrong={wrong.has(index + 1) || undefined}>
              {index + 1}
            </i>
          ))}
        </span>
        <textarea
          ref={field}
          value={text}
          rows={Math.min(Math.max(lines, 8), 400)}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          aria-invalid={mistakes.length > 0 || undefined}
          onChange={event => onChange(event.currentTarget.value)}
        />
      </span>
    </label>
  );
}
