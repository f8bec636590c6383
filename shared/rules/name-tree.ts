import { foldUnit } from '../facts/glob.ts';

interface Node<Value> {
  /** What belongs to every name that begins as the letters up to here. */
  beginning: Value | undefined;
  /** What belongs to the name that ends here. */
  whole: Value | undefined;
  /** Letters between this node and each below it; none is empty, and no two begin alike. */
  readonly labels: string[];
  /** Their first letters, so that a look rarely touches a label that does not fit. */
  readonly firsts: number[];
  readonly below: Node<Value>[];
}

const makeNode = <Value>(): Node<Value> => ({
  beginning: undefined,
  whole: undefined,
  labels: [],
  firsts: [],
  below: [],
});

/**
 * Values by folded names and, with `*` at the end, by how names begin. A look costs as much as the name and what is
 * kept have in common, not what is kept.
 */
export class NameTree<Value> {
  readonly #root = makeNode<Value>();

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
      const label = node.labels[edge]!;
      if (name.length - from < label.length) return;
      for (let at = 1; at < label.length; at++)
        if (foldUnit(name.charCodeAt(from + at)) !== label.charCodeAt(at)) return;
      from += label.length;
      node = node.below[edge]!;
    }
  }

  #nodeAt(name: string): Node<Value> {
    let node = this.#root;
    for (let from = 0; from < name.length;) {
      const edge = node.firsts.indexOf(name.charCodeAt(from));
      if (edge < 0) return addEdge(node, name.slice(from), makeNode());
      const common = countCommon(node.labels[edge]!, name, from);
      if (common < node.labels[edge]!.length) splitEdge(node, edge, common);
      node = node.below[edge]!;
      from += common;
    }
    return node;
  }
}

function addEdge<Value>(above: Node<Value>, label: string, node: Node<Value>): Node<Value> {
  above.labels.push(label);
  above.firsts.push(label.charCodeAt(0));
  above.below.push(node);
  return node;
}

/** Puts a node into the middle of an edge. */
function splitEdge<Value>(above: Node<Value>, edge: number, at: number): void {
  const middle = makeNode<Value>();
  const label = above.labels[edge]!;
  addEdge(middle, label.slice(at), above.below[edge]!);
  above.labels[edge] = label.slice(0, at);
  above.below[edge] = middle;
}

function countCommon(label: string, text: string, from: number): number {
  let common = 0;
  while (common < label.length && label.charCodeAt(common) === text.charCodeAt(from + common)) common++;
  return common;
}
