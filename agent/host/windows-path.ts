import { foldName } from '../../shared/facts/glob.ts';
import { fileError } from './file-failure.ts';

/** An absolute Windows path taken apart. */
export interface ParsedPath {
  /** Upper-case drive letter. */
  readonly drive: string;
  readonly components: readonly string[];
}

const reservedName = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
// eslint-disable-next-line no-control-regex -- NTFS forbids exactly these.
const badCharacter = /[<>:"/|?*\u0000-\u001f]/;

/**
 * Takes an absolute path apart and refuses with `path-invalid` what Windows would read as something else: relative
 * parts, streams, device names, names that end in a dot or blank.
 */
export function parsePath(path: string): ParsedPath {
  const match = /^([A-Za-z]):\\(.*)$/s.exec(path);
  if (!match) throw invalid(path, 'expected a drive letter, a colon and a backslash');
  const rest = match[2]!.replace(/\\$/, '');
  const components = rest === '' ? [] : rest.split('\\');
  for (const name of components) {
    if (name === '' || name === '.' || name === '..') throw invalid(path, 'has an empty or relative part');
    if (badCharacter.test(name) || /[. ]$/.test(name) || reservedName.test(name) || name.length > 255)
      throw invalid(path, 'has a name that Windows does not allow');
  }
  return { drive: match[1]!.toUpperCase(), components };
}

/** Order in which a directory is listed. */
export const compareNames = (a: { readonly name: string }, b: { readonly name: string }): number =>
  foldName(a.name) < foldName(b.name) ? -1 : 1;

const invalid = (path: string, why: string) => fileError('path-invalid', `${path} ${why}`);
