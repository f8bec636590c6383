import { hasWildcard } from '../../facts/glob.ts';
import { quoteName } from '../read-path.ts';
import type { PasteContext } from './command-definition.ts';

const isWhole = (path: string) => /^(?:[A-Za-z]:|%[^%]+%|\\)/.test(path);

/** A pasted path as a script line writes it; a relative one below the folder that an earlier line changed to. */
export function pathOf(pasted: string, { folder }: PasteContext): string | undefined {
  const path = pasted.replaceAll('/', '\\').replace(/\\+$/, '');
  if (isWhole(path)) return quoteName(path);
  if (folder === undefined) return undefined;
  return quoteName(`${folder.replaceAll('/', '\\').replace(/\\+$/, '')}\\${path.replace(/^\.\\/, '')}`);
}

export const noFolder = (pasted: string) =>
  `${pasted} does not say in which folder it lies. Paste the line that changes to the folder too, or write the whole path.`;

/** The last part of a path. */
export const lastPartOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** Whether it can only mean a folder. */
export const isFolderName = (path: string): boolean =>
  /[\\/]$/.test(path) || (!lastPartOf(path).includes('.') && !hasWildcard(path));
