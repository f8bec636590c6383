import type { HiveCells } from './hive-cells.ts';
import type { HiveKey } from './key-node.ts';
import { signatures, subkeyListHeaderBytes } from './layout.ts';

const leaves: ReadonlyMap<number, number> = new Map([
  [signatures.indexLeaf, 4],
  [signatures.fastLeaf, 8],
  [signatures.hashLeaf, 8],
]);

/** Cell offsets of a key's subkeys in the order of its list, each once and at most as many as the key tells. */
export function listSubkeyCells(cells: HiveCells, key: HiveKey): readonly number[] {
  if (key.subkeyList === undefined) return [];
  const found = new Set<number>();
  const add = (more: readonly number[]): boolean => {
    const before = found.size;
    const room = key.subkeyCount - before;
    for (const cell of more.slice(0, room)) found.add(cell);
    if (found.size - before < Math.min(more.length, room)) {
      cells.fail('key-repeated', 'the subkey list names a key twice', key.offset, 'subkey-list');
    }
    if (more.length <= room) return true;
    const message = `the subkey list holds more than the ${key.subkeyCount} keys its key tells`;
    cells.fail('list-too-long', message, key.offset, 'subkey-list');
    return false;
  };
  const root = readList(cells, key.subkeyList, key.cell);
  if (root?.signature !== signatures.indexRoot) {
    add(root?.elements ?? []);
    return [...found];
  }
  const seen = new Set<number>();
  for (const leafCell of root.elements) {
    if (seen.has(leafCell)) {
      cells.fail('cell-shared', 'an index root names a list twice', root.offset, 'subkey-list');
      continue;
    }
    seen.add(leafCell);
    const leaf = readList(cells, leafCell, key.cell);
    if (leaf?.signature === signatures.indexRoot) {
      cells.fail('list-nested', 'an index root names another index root', root.offset, 'subkey-list');
    } else if (leaf && !add(leaf.elements)) break;
  }
  return [...found];
}

/** Cells of the lists that name a key's subkeys: the list, and the leaves below it where it is an index root. */
export function listSubkeyListCells(cells: HiveCells, key: HiveKey): readonly number[] {
  if (key.subkeyList === undefined) return [];
  const root = readList(cells, key.subkeyList, key.cell);
  const leaves = root?.signature === signatures.indexRoot ? root.elements : [];
  return [key.subkeyList, ...new Set(leaves)];
}

interface SubkeyList {
  readonly signature: number;
  readonly offset: number;
  readonly elements: readonly number[];
}

function readList(cells: HiveCells, cellOffset: number, owner: number): SubkeyList | undefined {
  const cell = cells.find(cellOffset, subkeyListHeaderBytes, 'subkey-list');
  if (!cell || !cells.claim(cell, owner, 'subkey-list')) return undefined;
  const { reader } = cells;
  const signature = reader.u16(cell.offset) ?? 0;
  const elementBytes = signature === signatures.indexRoot ? 4 : leaves.get(signature);
  if (elementBytes === undefined) {
    const message = 'a subkey list should start with "lf", "lh", "li" or "ri"';
    return cells.fail('signature-wrong', message, cell.offset, 'subkey-list');
  }
  const told = reader.u16(cell.offset + 2) ?? 0;
  const room = Math.floor((cell.sizeBytes - subkeyListHeaderBytes) / elementBytes);
  if (told > room) {
    const message = `of ${told} elements told, ${room} fit into the list`;
    cells.fail('list-too-long', message, cell.offset, 'subkey-list');
  }
  const elements: number[] = [];
  for (let at = 0; at < Math.min(told, room); at++) {
    elements.push(reader.u32(cell.offset + subkeyListHeaderBytes + at * elementBytes) ?? 0);
  }
  return { signature, offset: cell.offset, elements };
}
