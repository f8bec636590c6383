import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ScriptEditorProps } from './script-editor.tsx';

const ScriptEditor = lazy(async () => ({ default: (await import('./script-editor.tsx')).ScriptEditor }));

/** The editor, read from the server when it is first shown. */
export const LazyScriptEditor = (props: ScriptEditorProps) => (
  <Suspense fallback={<Skeleton height={364} aria-busy="true" />}>
    <ScriptEditor {...props} />
  </Suspense>
);
