import type { KnownNames } from '../../../../shared/remediation/language/known-names.ts';
import { mendLanguage } from './mend-extensions.ts';
import { TextEditor, type TextEditorProps } from './text-editor.tsx';

export interface ScriptEditorProps extends Omit<TextEditorProps, 'language'> {
  readonly known: KnownNames;
}

/** An editor of the remediation language. */
export const ScriptEditor = (props: ScriptEditorProps) => <TextEditor language={mendLanguage} {...props} />;
