/** Whether the name holds a wildcard. */
export const hasWildcard = (name: string): boolean => /[*?]/.test(name);

/**
 * A name as NTFS compares it: each UTF-16 unit in its one-unit upper case.
 * Units that JavaScript would widen (`ß`) or turn into ASCII (`ı`, `ſ`) stay: NTFS keeps them apart.
 */
export function foldName(name: string): string {
  if (isAscii(name)) return name.toUpperCase();
  let folded = '';
  for (let at = 0; at < name.length; at++) {
    const unit = name[at]!;
    const upper = unit.toUpperCase();
    folded += upper.length === 1 && isAscii(upper) === isAscii(unit) ? upper : unit;
  }
  return folded;
}

/** One UTF-16 unit as names are compared: `foldName` unit by unit, without making a text. */
export function foldUnit(unit: number): number {
  if (unit > 0x7f) return foldName(String.fromCharCode(unit)).charCodeAt(0);
  return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Whether two names are one name for NTFS. */
export const isSameName = (a: string, b: string): boolean => foldName(a) === foldName(b);

/**
 * Whether a file name fits a pattern: `*` stands for any run of characters, `?` for exactly one, case is ignored.
 * Time is at most pattern length times name length. The DOS oddities (`*.*` for names without a dot, short names) do
 * not exist here.
 */
export const matchesGlob = (pattern: string, name: string): boolean =>
  matchesFoldedGlob(foldName(pattern), foldName(name));

/** The same for a pattern and a name that are folded already. */
export function matchesFoldedGlob(wanted: string, given: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < given.length;) {
    if (wanted[at] === '*') {
      [star, resume] = [at++, i];
    } else if (wanted[at] === '?' || (at < wanted.length && wanted[at] === given[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}

/** The same for a folded pattern that many names are held against. */
export function foldedGlob(wanted: string): (given: string) => boolean {
  if (!hasWildcard(wanted)) return given => given === wanted;
  const beginning = wanted.slice(0, -1);
  if (wanted.endsWith('*') && !hasWildcard(beginning)) return given => given.startsWith(beginning);
  return given => matchesFoldedGlob(wanted, given);
}
