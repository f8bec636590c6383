import { foldUnit } from '../facts/glob.ts';

interface Node<Value> {
  /** Letters between the node above and this one; none only at the root. */
  label: string;
  /** What belongs to every name that begins as the letters up to here. */
  beginning: Value | undefined;
  /** What belongs to the name that ends here. */
  whole: Value | undefined;
  /** First letters of the labels below, no two alike, so that a look touches no label that does not fit. */
  readonly firsts: number[];
  readonly below: Node<Value>[];
}

const makeNode = <Value>(label: string): Node<Value> => ({
  label,
  beginning: undefined,
  whole: undefined,
  firsts: [],
  below: [],
});

/**
 * Values by folded names and, with `*` at the end, by how names begin. A look costs as much as the name and what is
 * kept have in common, not what is kept.
 */
export class NameTree<Value> {
  readonly #root = makeNode<Value>('');

  /** The value of a name or of a beginning, made when there is none. */
  at(name: string, make: () => Value): Value {
    if (name.endsWith('*')) return (this.#nodeAt(name.slice(0, -1)).beginning ??= make());
    return (this.#nodeAt(name).whole ??= make());
  }

  /**
   * The values of all beginnings of a name, the shortest first, then its own. The name is what follows `start`; it is
   * folded letter by letter, since most names are told apart by their first ones.
   */
  forEachOf(name: string, visit: (value: Value) => void, start = 0): void {
    let node = this.#root;
    for (let from = start; ;) {
      if (node.beginning !== undefined) visit(node.beginning);
      if (from === name.length) {
        if (node.whole !== undefined) visit(node.whole);
        return;
      }
      const edge = node.firsts.indexOf(foldUnit(name.charCodeAt(from)));
      if (edge < 0) return;
      node = node.below[edge]!;
      const { label } = node;
      if (name.length - from < label.length) return;
      for (let at = 1; at < label.length; at++)
        if (foldUnit(name.charCodeAt(from + at)) !== label.charCodeAt(at)) return;
      from += label.length;
    }
  }

  #nodeAt(name: string): Node<Value> {
    let node = this.#root;
    for (let from = 0; from < name.length;) {
      const edge = node.firsts.indexOf(name.charCodeAt(from));
      if (edge < 0) return addBelow(node, makeNode(name.slice(from)));
      const common = countCommon(node.below[edge]!.label, name, from);
      if (common < node.below[edge]!.label.length) splitLabel(node, edge, common);
      node = node.below[edge]!;
      from += common;
    }
    return node;
  }
}

function addBelow<Value>(above: Node<Value>, node: Node<Value>): Node<Value> {
  above.firsts.push(node.label.charCodeAt(0));
  above.below.push(node);
  return node;
}

/** Puts a node into the middle of the way to one below. */
function splitLabel<Value>(above: Node<Value>, edge: number, at: number): void {
  const lower = above.below[edge]!;
  const middle = makeNode<Value>(lower.label.slice(0, at));
  lower.label = lower.label.slice(at);
  addBelow(middle, lower);
  above.below[edge] = middle;
}

function countCommon(label: string, text: string, from: number): number {
  let common = 0;
  while (common < label.length && label.charCodeAt(common) === text.charCodeAt(from + common)) common++;
  return common;
}
