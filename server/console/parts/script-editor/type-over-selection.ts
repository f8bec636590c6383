import { EditorView } from '@codemirror/view';

/**
 * Replaces what is selected by what is typed over it. Left to itself, Chromium deletes the selection, remembers how its
 * first letter looked and writes that as a style attribute on what is typed, which the content security policy refuses
 * and reports. Composed text stays with the browser: it must not be taken away from an input method.
 */
export const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const { data, inputType, isComposing } = event;
    if (inputType !== 'insertText' || data === null || isComposing || view.composing || state.readOnly)
      return false;
    if (state.selection.ranges.every(range => range.empty)) return false;
    const { from, to } = state.selection.main;
    const replace = () =>
      state.update(state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    const handlers = state.facet(EditorView.inputHandler);
    if (!handlers.some(handle => handle(view, from, to, data, replace))) view.dispatch(replace());
    return true;
  },
});
