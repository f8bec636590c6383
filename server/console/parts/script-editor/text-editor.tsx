import { completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { lintKeymap, openLintPanel } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { type KnownNames, noNames } from '../../../../shared/remediation/language/known-names.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { editorLook } from './editor-look.ts';
import styles from './script-editor.module.css';
import { typeOverSelection } from './type-over-selection.ts';

/** What others may do with an editor. */
export interface EditorHandle {
  /** Puts the cursor there and shows it; both count from 1. */
  readonly goTo: (line: number, column: number) => void;
}

export interface TextEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Colours, completion and mistakes; the one it begins with stays, and asks for names when it needs them. */
  readonly language: (known: () => KnownNames) => Extension;
  readonly known?: KnownNames;
  readonly readOnly?: boolean;
  /** What it edits, for those who do not see the place. */
  readonly label: string;
  readonly handle?: Ref<EditorHandle> | undefined;
}

const editorKeys = [
  { keys: ['Ctrl', 'Space'], does: 'Complete what is typed', run: () => {} },
  { keys: ['Ctrl', '.'], does: 'Show the mistakes', run: () => {} },
];

/**
 * An editor of one language. It lives in a shadow root, where its styles are sheets and no style elements,
 * which the content security policy refuses. Tab leaves it, as in any field.
 */
export function TextEditor({
  text,
  onChange,
  language,
  known = noNames,
  readOnly = false,
  label,
  handle,
}: TextEditorProps) {
  // The editor hears them itself; here they are told.
  useShortcuts(readOnly ? [] : editorKeys);
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  /** Texts that were told and have not come back as `text` yet: what comes back late must not undo newer typing. */
  const told = useRef<string[]>([]);
  const latest = useRef({ onChange, known });
  latest.current = { onChange, known };
  const spoken = useRef(language);
  useEffect(() => {
    const root = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: 'open' });
    const made = new EditorView({
      root,
      parent: root as unknown as Element,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          typeOverSelection,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          spoken.current(() => latest.current.known),
          keymap.of([
            ...completionKeymap,
            ...lintKeymap,
            { key: 'Mod-.', run: openLintPanel },
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of(update => {
            if (!update.docChanged) return;
            const typed = update.state.doc.toString();
            told.current.push(typed);
            latest.current.onChange(typed);
          }),
          editorLook,
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = undefined;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the text is followed below, the rest does not change
  }, [label, readOnly]);
  useEffect(() => {
    const made = view.current;
    const at = told.current.indexOf(text);
    if (at >= 0) told.current.splice(0, at + 1);
    if (made === undefined || at >= 0 || made.state.doc.toString() === text) return;
    told.current = [];
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } });
  }, [text]);
  useImperativeHandle(handle, () => ({
    goTo(line, column) {
      const made = view.current;
      if (made === undefined) return;
      const { doc } = made.state;
      const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
      made.dispatch({
        selection: { anchor: Math.min(at.from + column - 1, at.to) },
        scrollIntoView: true,
      });
      made.focus();
    },
  }));
  return <div ref={place} className={styles.place} />;
}
