import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic as Mark, linter } from '@codemirror/lint';
import { RangeSetBuilder, type Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  hoverTooltip,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { applyFix } from '../../../../shared/remediation/apply-fix.ts';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { type Completion, completeAt } from '../../../../shared/remediation/language/complete.ts';
import { highlightLine } from '../../../../shared/remediation/language/highlight.ts';
import { hoverAt } from '../../../../shared/remediation/language/hover.ts';
import type { KnownNames } from '../../../../shared/remediation/language/known-names.ts';

const types: Readonly<Record<Completion['kind'], string>> = {
  verb: 'function',
  keyword: 'keyword',
  condition: 'keyword',
  clause: 'property',
  place: 'namespace',
  name: 'variable',
  value: 'constant',
};

/** The remediation language in an editor: colours, completion, hover help, mistakes with their fixes. */
export const mendLanguage = (knownNames: () => KnownNames): Extension => [
  colours,
  autocompletion({
    override: [context => complete(context, knownNames())],
    icons: false,
    maxRenderedOptions: 12,
  }),
  hoverTooltip((view, at) => showHover(view, at)),
  linter(view => mistakesOf(view.state.doc.toString()), { delay: 150 }),
];

function complete(context: CompletionContext, known: KnownNames): CompletionResult | null {
  const { from, options } = completeAt(context.state.doc.toString(), context.pos, known);
  if (options.length === 0) return null;
  if (!context.explicit && from === context.pos && !/\s$/.test(context.state.sliceDoc(0, context.pos)))
    return null;
  return {
    from,
    options: options.map(({ label, kind, detail, example }, index) => ({
      label,
      type: types[kind],
      detail,
      // The order of the tables is the order of use.
      boost: Math.max(-99, -index),
      ...(example !== undefined && { info: example }),
    })),
    validFor: /^[^,\n]*$/,
  };
}

function showHover(view: EditorView, at: number) {
  const hover = hoverAt(view.state.doc.toString(), at);
  if (!hover) return null;
  return {
    pos: hover.span.start,
    end: hover.span.end,
    create() {
      const dom = document.createElement('div');
      dom.className = 'mend-hover';
      const form = dom.appendChild(document.createElement('code'));
      form.textContent = hover.form;
      for (const text of hover.paragraphs) dom.appendChild(document.createElement('p')).textContent = text;
      if (hover.example !== undefined) {
        const example = dom.appendChild(document.createElement('pre'));
        example.textContent = hover.example;
      }
      return { dom };
    },
  };
}

function mistakesOf(text: string): readonly Mark[] {
  return checkScript(text).diagnostics.map(({ span, message, code, fix }) => ({
    from: Math.min(span.start, text.length),
    to: Math.min(span.end, text.length),
    severity: 'error',
    source: code,
    message,
    ...(fix && {
      actions: [
        {
          name: fix.title,
          apply(view: EditorView) {
            const now = view.state.doc.toString();
            // A fix is made for the text it was found in.
            if (now !== text) return;
            const mended = applyFix(now, fix);
            view.dispatch({
              changes: { from: fix.span.start, to: fix.span.end, insert: fix.text },
              selection: { anchor: Math.min(mended.length, fix.span.start + fix.text.length) },
            });
          },
        },
      ],
    }),
  }));
}

const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
    }
  },
  { decorations: plugin => plugin.decorations },
);

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges)
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      for (const { span, kind } of highlightLine(line.text, line.from))
        if (span.end > span.start)
          builder.add(span.start, span.end, Decoration.mark({ class: `mend-${kind}` }));
      at = line.to + 1;
    }
  return builder.finish();
}
