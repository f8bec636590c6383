import type { CellSpace } from './cell-space.ts';
import type { Hive } from './hive.ts';
import type { EditProblem } from './hive-edit.ts';
import type { HiveImage } from './hive-image.ts';
import type { HiveKey } from './key-node.ts';
import {
  baseBlockBytes,
  hashLeafSinceMinor,
  keyFlags,
  keyNode as field,
  noCell,
  security,
  signatures,
  subkeyListHeaderBytes,
} from './layout.ts';
import { foldName } from './record-name.ts';
import { HiveFullError } from './value-editor.ts';

/** Larger lists are split below an index root by Windows; a key is not made there. */
const mostElements = 500;
const elementBytes: ReadonlyMap<number, number> = new Map([
  [signatures.indexLeaf, 4],
  [signatures.fastLeaf, 8],
  [signatures.hashLeaf, 8],
]);

/**
 * Makes an empty key below another, with the time and the access list of its parent, in its place in the sorted list.
 * The name is plain ASCII. Says why when it cannot be made; then nothing was written.
 */
export function makeSubkey(
  image: HiveImage,
  space: CellSpace,
  hive: Hive,
  parent: HiveKey,
  name: string,
): EditProblem | undefined {
  const cannot = (why: string): EditProblem => ({
    code: 'key-not-editable',
    message: `the key ${name} cannot be made: ${why}`,
  });
  if (!/^[\x20-\x5b\x5d-\x7e]{1,255}$/.test(name)) return cannot('its name is not plain');
  if (parent.security === undefined) return cannot('its parent has no access list');
  const signature = listSignatureOf(image, hive, parent);
  const width = elementBytes.get(signature);
  const siblings = hive.subkeys(parent);
  if (hive.problems.length > 0 || siblings.length !== parent.subkeyCount)
    return cannot('the list of its parent is damaged');
  if (width === undefined || siblings.length >= mostElements)
    return cannot('the list of its parent is split');

  const cell = store(image, space, recordOf(image, parent, name));
  const after = siblings.findIndex(one => foldName(one.name) > foldName(name));
  const at = after < 0 ? siblings.length : after;
  const elements: readonly Uint8Array[] =
    parent.subkeyList === undefined ? [] : elementsOf(image, parent, width);
  const list = new Uint8Array(subkeyListHeaderBytes + (elements.length + 1) * width);
  const view = new DataView(list.buffer);
  view.setUint16(0, signature, true);
  view.setUint16(2, elements.length + 1, true);
  elements.toSpliced(at, 0, elementOf(signature, cell, name)).forEach((element, index) => {
    list.set(element, subkeyListHeaderBytes + index * width);
  });
  const listCell = store(image, space, list);
  if (parent.subkeyList !== undefined) space.free(parent.subkeyList);
  image.setU32(parent.offset + field.subkeyCount, siblings.length + 1);
  image.setU32(parent.offset + field.subkeyList, listCell);
  const largest = parent.offset + field.largestSubkeyName;
  // Its upper half holds flags.
  image.setU16(largest, Math.max(image.u16(largest), name.length * 2));
  const references = baseBlockBytes + parent.security + 4 + security.references;
  image.setU32(references, image.u32(references) + 1);
  return undefined;
}

function listSignatureOf(image: HiveImage, { baseBlock }: Hive, { subkeyList }: HiveKey): number {
  if (subkeyList !== undefined) return image.u16(baseBlockBytes + subkeyList + 4);
  return baseBlock.minorVersion >= hashLeafSinceMinor ? signatures.hashLeaf : signatures.fastLeaf;
}

function recordOf(image: HiveImage, parent: HiveKey, name: string): Uint8Array {
  const record = new Uint8Array(field.name + name.length);
  const view = new DataView(record.buffer);
  view.setUint16(0, signatures.key, true);
  view.setUint16(field.flags, keyFlags.compressedName, true);
  record.set(image.read(parent.offset + field.lastWritten, 8), field.lastWritten);
  view.setUint32(field.parent, parent.cell, true);
  for (const at of [field.subkeyList, field.volatileSubkeyList, field.valueList, field.className])
    view.setUint32(at, noCell, true);
  view.setUint32(field.security, parent.security ?? noCell, true);
  view.setUint16(field.nameBytes, name.length, true);
  record.set(asciiOf(name), field.name);
  return record;
}

const elementsOf = (image: HiveImage, { subkeyList, subkeyCount }: HiveKey, width: number) =>
  Array.from({ length: subkeyCount }, (_, at) =>
    image.read(baseBlockBytes + subkeyList! + 4 + subkeyListHeaderBytes + at * width, width).slice(),
  );

/** A cell offset, and by the kind of the list a hash of the name or its first letters. */
function elementOf(signature: number, cell: number, name: string): Uint8Array {
  const element = new Uint8Array(elementBytes.get(signature) ?? 4);
  const view = new DataView(element.buffer);
  view.setUint32(0, cell, true);
  if (signature === signatures.hashLeaf) view.setUint32(4, hashOf(name), true);
  if (signature === signatures.fastLeaf) element.set(asciiOf(name).subarray(0, 4), 4);
  return element;
}

const hashOf = (name: string): number =>
  asciiOf(foldName(name)).reduce((hash, unit) => (Math.imul(hash, 37) + unit) >>> 0, 0);

const asciiOf = (text: string): Uint8Array => Uint8Array.from(text, one => one.charCodeAt(0));

function store(image: HiveImage, space: CellSpace, bytes: Uint8Array): number {
  const cell = space.allocate(bytes.length);
  if (cell === undefined) throw new HiveFullError();
  image.write(baseBlockBytes + cell + 4, bytes);
  return cell;
}
