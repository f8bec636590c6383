import { useMemo, useRef } from 'react';
import type { KnownNames } from '../../../../shared/remediation/language/known-names.ts';
import { mendLanguage } from './mend-extensions.ts';
import { TextEditor, type TextEditorProps } from './text-editor.tsx';

export interface ScriptEditorProps extends Omit<TextEditorProps, 'language'> {
  readonly known: KnownNames;
}

/** An editor of the remediation language. */
export function ScriptEditor({ known, ...rest }: ScriptEditorProps) {
  const latest = useRef(known);
  latest.current = known;
  const language = useMemo(() => mendLanguage(() => latest.current), []);
  return <TextEditor language={language} {...rest} />;
}
