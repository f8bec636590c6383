interface Edge<Value> {
  /** Letters between two nodes; never empty, and no two edges of a node begin alike. */
  readonly label: string;
  readonly node: Node<Value>;
}

interface Node<Value> {
  value: Value | undefined;
  readonly edges: Map<number, Edge<Value>>;
}

const makeNode = <Value>(): Node<Value> => ({ value: undefined, edges: new Map() });

/** Values by how names begin. A look costs as much as the name and the beginnings have in common, not their number. */
export class BeginningTree<Value> {
  readonly #root = makeNode<Value>();

  /** The value of a beginning, made when there is none. */
  at(beginning: string, make: () => Value): Value {
    let node = this.#root;
    let from = 0;
    while (from < beginning.length) {
      const first = beginning.charCodeAt(from);
      const edge = node.edges.get(first);
      if (!edge) {
        const leaf = makeNode<Value>();
        node.edges.set(first, { label: beginning.slice(from), node: leaf });
        node = leaf;
        break;
      }
      const common = countCommon(edge.label, beginning, from);
      node = common === edge.label.length ? edge.node : splitEdge(node, edge, common);
      from += common;
    }
    return (node.value ??= make());
  }

  /** The values of all beginnings of a name, the shortest first. */
  forEachOf(name: string, visit: (value: Value) => void): void {
    let node = this.#root;
    for (let from = 0; ;) {
      if (node.value !== undefined) visit(node.value);
      const edge = node.edges.get(name.charCodeAt(from));
      if (!edge || !name.startsWith(edge.label, from)) return;
      from += edge.label.length;
      node = edge.node;
    }
  }

  /** All values. */
  *values(): Generator<Value> {
    const nodes = [this.#root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if (node.value !== undefined) yield node.value;
      for (const edge of node.edges.values()) nodes.push(edge.node);
    }
  }
}

/** Puts a node into the middle of an edge. */
function splitEdge<Value>(above: Node<Value>, { label, node }: Edge<Value>, at: number): Node<Value> {
  const middle = makeNode<Value>();
  above.edges.set(label.charCodeAt(0), { label: label.slice(0, at), node: middle });
  middle.edges.set(label.charCodeAt(at), { label: label.slice(at), node });
  return middle;
}

function countCommon(label: string, text: string, from: number): number {
  let common = 0;
  while (common < label.length && label.charCodeAt(common) === text.charCodeAt(from + common)) common++;
  return common;
}
