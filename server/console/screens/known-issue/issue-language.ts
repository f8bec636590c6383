import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic as Mark, linter } from '@codemirror/lint';
import { RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, hoverTooltip, ViewPlugin } from '@codemirror/view';
import { findDefinition, vocabulary } from '../../../../shared/facts/vocabulary.ts';
import { parseIssue } from '../../../../shared/rules/source/parse-issue.ts';
import { issueWords } from './issue-words.ts';

/** `issue.yaml` in an editor: colours, completion of fields and facts, what a fact means, mistakes where they are. */
export const issueLanguage = (): Extension => [
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }

      update(update: { docChanged: boolean; viewportChanged: boolean; view: EditorView }): void {
        if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
      }
    },
    { decorations: plugin => plugin.decorations },
  ),
  autocompletion({ override: [complete], icons: false, maxRenderedOptions: 12 }),
  hoverTooltip((view, at) => showMeaning(view, at)),
  linter(view => mistakesOf(view), { delay: 150 }),
];

/** Fields and words of conditions at the beginning of a line, facts behind `fact:`. */
function complete(context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const fact = /^\s*(?:- )?fact: *(['"]?[^\s'"]*)$/.exec(before)?.[1];
  if (fact !== undefined)
    return {
      from: context.pos - fact.length,
      options: vocabulary.map(({ name, meaning, type }) => ({
        label: name,
        detail: type,
        info: meaning,
        // The star stands for what a person writes.
        apply: name.includes('*') ? name.slice(0, name.indexOf('*')) : name,
      })),
      validFor: /^[\w.*-]*$/,
    };
  const word = /^(\s*(?:- )?)([A-Za-z]*)$/.exec(before);
  if (!word || (!context.explicit && word[2] === '')) return null;
  const [, indent = '', typed = ''] = word;
  const words = indent === '' ? issueWords.fields : issueWords.conditions;
  return {
    from: context.pos - typed.length,
    options: Object.entries(words).map(([label, detail]) => ({ label, detail, apply: `${label}: ` })),
    validFor: /^[A-Za-z]*$/,
  };
}

function showMeaning(view: EditorView, at: number) {
  const line = view.state.doc.lineAt(at);
  const found = /fact: *['"]?([^\s'"]+)/.exec(line.text);
  const definition = found && findDefinition(found[1]!);
  if (!found || !definition) return null;
  const end = line.from + found.index + found[0].length;
  return {
    pos: end - found[1]!.length,
    end,
    create() {
      const dom = document.createElement('div');
      dom.className = 'mend-hover';
      dom.appendChild(document.createElement('code')).textContent = `${definition.name}: ${definition.type}`;
      for (const text of [definition.meaning, `From: ${definition.source}`])
        dom.appendChild(document.createElement('p')).textContent = text;
      return { dom };
    },
  };
}

function mistakesOf({ state: { doc } }: EditorView): readonly Mark[] {
  return parseIssue(doc.toString()).diagnostics.map(({ line, column, code, message }) => {
    const at = doc.line(Math.min(line, doc.lines));
    const from = Math.min(at.from + column - 1, at.to);
    return { from, to: at.to, severity: 'error', source: code, message };
  });
}

// Colours need no tree: a line of this YAML is a key, a value and perhaps a comment.
const parts =
  /^(\s*(?:- )*)([A-Za-z0-9]+(?=:(?:\s|$)))?|(#.*$)|('[^']*'|"[^"]*")|(%\S+)|(?<=[\s:[,])([\d][\w.:+-]*)/g;
const classes = [
  undefined,
  undefined,
  'mend-keyword',
  'mend-comment',
  'mend-text',
  'mend-path',
  'mend-number',
];

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges)
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      for (const match of line.text.matchAll(parts)) {
        const kind = classes.findIndex((name, group) => name !== undefined && match[group] !== undefined);
        if (kind < 0) continue;
        const start = line.from + match.index + (kind === 2 ? match[1]!.length : 0);
        builder.add(start, start + match[kind]!.length, Decoration.mark({ class: classes[kind]! }));
      }
      at = line.to + 1;
    }
  return builder.finish();
}
