import type { RefObject } from 'react';
import type { SourceMistake } from '../../../../shared/api/known-issue.ts';
import type { EditorHandle } from '../../parts/script-editor/text-editor.tsx';
import styles from './known-issue.module.css';

interface MistakesProps {
  readonly mistakes: readonly SourceMistake[];
  readonly field: RefObject<EditorHandle | null>;
  readonly what: string;
}

/** What is wrong with a text; each leads to its place. */
export function Mistakes({ mistakes, field, what }: MistakesProps) {
  if (mistakes.length === 0) return null;
  return (
    <ul className={styles.mistakes} aria-label={`Mistakes in the ${what}`}>
      {mistakes.map(one => (
        <li key={`${one.line} ${one.column} ${one.code}`}>
          <button type="button" onClick={() => field.current?.goTo(one.line, one.column)}>
            Line {one.line}
          </button>{' '}
          {one.message}
        </li>
      ))}
    </ul>
  );
}
