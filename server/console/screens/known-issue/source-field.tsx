import { Skeleton } from '@mantine/core';
import { lazy, type Ref, Suspense } from 'react';
import { noNames } from '../../../../shared/remediation/language/known-names.ts';
import { LazyScriptEditor } from '../../parts/script-editor/lazy-script-editor.tsx';
import type { EditorHandle } from '../../parts/script-editor/text-editor.tsx';
import styles from './known-issue.module.css';

const IssueSourceEditor = lazy(async () => ({
  default: (await import('./issue-source-editor.tsx')).IssueSourceEditor,
}));

interface SourceFieldProps {
  readonly label: 'Source' | 'Script';
  /** File name that the text has in a catalogue. */
  readonly name: string;
  readonly text: string;
  readonly field: Ref<EditorHandle>;
  readonly onChange: (text: string) => void;
}

/** A text as it is stored, in the editor of its language. */
export function SourceField({ label, name, text, field, onChange }: SourceFieldProps) {
  const props = { text, onChange, handle: field, label: `${label} ${name}` };
  return (
    <div className={styles.sourceField}>
      <span aria-hidden="true">
        {label} <code>{name}</code>
      </span>
      {label === 'Script' ? (
        <LazyScriptEditor known={noNames} {...props} />
      ) : (
        <Suspense fallback={<Skeleton height={364} aria-busy="true" />}>
          <IssueSourceEditor {...props} />
        </Suspense>
      )}
    </div>
  );
}
