import { TextEditor, type TextEditorProps } from '../../parts/script-editor/text-editor.tsx';
import { issueLanguage } from './issue-language.ts';

/** An editor of `issue.yaml`. */
export const IssueSourceEditor = (props: Omit<TextEditorProps, 'language'>) => (
  <TextEditor language={issueLanguage} {...props} />
);
