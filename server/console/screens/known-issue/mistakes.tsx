import type { RefObject } from 'react';
import type { SourceMistake } from '../../../../shared/api/known-issue.ts';
import styles from './known-issue.module.css';

interface MistakesProps {
  readonly mistakes: readonly SourceMistake[];
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly what: string;
}

/** What is wrong with a text; each leads to its place. */
export function Mistakes({ mistakes, field, what }: MistakesProps) {
  if (mistakes.length === 0) return null;
  const goTo = ({ line, column }: SourceMistake) => {
    const area = field.current;
    if (area === null) return;
    const before = area.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    area.focus();
    area.setSelectionRange(at, at);
  };
  return (
    <ul className={styles.mistakes} aria-label={`Mistakes in the ${what}`}>
      {mistakes.map(one => (
        <li key={`${one.line} ${one.column} ${one.code}`}>
          <button type="button" onClick={() => goTo(one)}>
            Line {one.line}
          </button>{' '}
          {one.message}
        </li>
      ))}
    </ul>
  );
}
