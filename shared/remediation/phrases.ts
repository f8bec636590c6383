import type { Extent, FilePath, FileTraits, FolderPath } from './tree-parts.ts';
import { printInstant, printSize } from './units.ts';

/** A range as scripts write it: `at least 7.11`, `from 4.2.0 until 4.2.7`. */
export function printExtent<Value>(extent: Extent<Value>, print: (value: Value) => string): string {
  if ('exactly' in extent) return print(extent.exactly);
  if (extent.until === undefined) return `at least ${print(extent.from!)}`;
  if (extent.from === undefined) return `below ${print(extent.until)}`;
  return `from ${print(extent.from)} until ${print(extent.until)}`;
}

const asIs = (version: string) => version;

/** What is asked of a file besides its name, clause by clause, as scripts write it. */
export function printTraits({ written, sizeBytes, version, sha256 }: FileTraits): readonly string[] {
  const clauses: string[] = [];
  if (written) {
    const from = written.from === undefined ? '' : ` from ${printInstant(written.from)}`;
    const until = written.until === undefined ? '' : ` until ${printInstant(written.until)}`;
    clauses.push(`written${from}${until}`);
  }
  if (sizeBytes) clauses.push(`size ${printExtent(sizeBytes, printSize)}`);
  if (version) clauses.push(`version ${printExtent(version, asIs)}`);
  if (sha256) clauses.push(`sha256 ${sha256}`);
  return clauses;
}

/** A folder as scripts write it. */
export const printFolder = ({ place, folders }: Pick<FolderPath, 'place' | 'folders'>): string =>
  [place, ...folders].join('\\');

/** A path as scripts write it; inside the body of `in`, from its folder on. */
export function printPath(path: FilePath, inside?: FolderPath): string {
  if (!inside) return [printFolder(path), path.name].join('\\');
  return [...path.folders.slice(inside.folders.length), path.name].join('\\');
}

/** That a line reaches files of Windows too, in plain words that follow what it does. */
export const sayWindows = ({ includingWindows }: { readonly includingWindows: boolean }): string =>
  includingWindows ? ', also where they belong to Windows' : '';

/** A range in plain words: `7.11 or newer`. */
export function sayExtent<Value>(
  extent: Extent<Value>,
  print: (value: Value) => string,
  words: { readonly atLeast: string },
): string {
  if ('exactly' in extent) return `exactly ${print(extent.exactly)}`;
  if (extent.until === undefined) return `${print(extent.from!)} ${words.atLeast}`;
  if (extent.from === undefined) return `below ${print(extent.until)}`;
  return `from ${print(extent.from)} up to but not including ${print(extent.until)}`;
}

/** What is asked of a file besides its name, in plain words that follow a comma. */
export function sayTraits({ written, sizeBytes, version, sha256 }: FileTraits): string {
  const parts: string[] = [];
  if (written?.from !== undefined && written.until !== undefined)
    parts.push(`written from ${printInstant(written.from)} until ${printInstant(written.until)}`);
  else if (written?.from !== undefined) parts.push(`written at ${printInstant(written.from)} or later`);
  else if (written?.until !== undefined) parts.push(`written before ${printInstant(written.until)}`);
  if (sizeBytes) parts.push(`with a size of ${sayExtent(sizeBytes, printSize, { atLeast: 'or more' })}`);
  if (version) parts.push(`with file version ${sayExtent(version, asIs, { atLeast: 'or newer' })}`);
  if (sha256) parts.push(`with the SHA-256 ${sha256}`);
  return parts.map(part => `, ${part}`).join('');
}
