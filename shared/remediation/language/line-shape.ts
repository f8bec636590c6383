import { hiveNames } from '../offline-registry.ts';
import { startKinds } from '../service-settings.ts';

/** One word of a form: as it is written, or what stands for something. */
export type ShapeWord =
  | { readonly kind: 'literal'; readonly word: string }
  | { readonly kind: 'placeholder'; readonly name: string };

/** One way to write a form, word by word. */
export type Shape = readonly ShapeWord[];

/** What a placeholder of a form stands for, as further forms. */
const meanings: Readonly<Record<string, readonly string[]>> = {
  RANGE: ['at least V', 'below V', 'from V until V', 'V'],
  INSTANT: ['DATE TIME UTC'],
  START: startKinds,
};
/** Words in capitals that are written as they are. */
const capitals: ReadonlySet<string> = new Set(['MB', 'UTC', ...hiveNames]);
const mostShapes = 64;

/**
 * All ways to write a form as the tables write it: `(a|b)` is a choice, `[a]` may be left out, capitals stand for
 * something, and what follows a comma are clauses, which come later.
 */
export function shapesOf(form: string): readonly Shape[] {
  const [head = ''] = form.split(/,\s|…,/);
  return expand(head.replace(/\s*…$/, '').trim()).slice(0, mostShapes);
}

function expand(form: string): Shape[] {
  const group = /^([^([]*)(?:\(([^)]*)\)|\[([^\]]*)\])(.*)$/.exec(form);
  if (!group) {
    const words = form.split(/\s+/).filter(word => word !== '');
    return words.reduce<Shape[]>(
      (shapes, word) => shapes.flatMap(shape => expandWord(word).map(more => [...shape, ...more])),
      [[]],
    );
  }
  const [, before = '', choice, optional, after = ''] = group;
  const inner = choice === undefined ? ['', optional ?? ''] : choice.split('|');
  return inner.flatMap(one => expand(`${before} ${one} ${after}`)).slice(0, mostShapes);
}

function expandWord(word: string): Shape[] {
  const meaning = meanings[word];
  if (meaning) return meaning.flatMap(one => expand(one));
  const isPlaceholder = /^(?:[A-Z]{1,}|"…"|0x[0-9a-f]+|…)$/.test(word) && !capitals.has(word);
  return [[isPlaceholder ? { kind: 'placeholder', name: word } : { kind: 'literal', word }]];
}

/** What can follow words that were written already, for each shape that they fit. */
export function continuationsOf(shapes: readonly Shape[], written: readonly string[]): readonly Shape[] {
  return shapes.flatMap(shape => {
    const fits = written.every((word, at) => {
      const expected = shape[at];
      return expected !== undefined && (expected.kind === 'placeholder' || expected.word === word);
    });
    return fits && shape.length > written.length ? [shape.slice(written.length)] : [];
  });
}
