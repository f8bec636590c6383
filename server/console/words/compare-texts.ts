/** One thing that two sides tell, or only one of them. */
export interface ComparedText {
  readonly name: string;
  readonly here: string | undefined;
  readonly there: string | undefined;
}

export interface Comparison {
  /** What both tell differently first, then what only one tells, each by name. */
  readonly differing: readonly ComparedText[];
  readonly same: readonly ComparedText[];
}

/** Puts two lists of named texts side by side. */
export function compareTexts(
  here: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): Comparison {
  const names = [...new Set([...here.keys(), ...there.keys()])].sort((a, b) => a.localeCompare(b));
  const all = names.map(name => ({ name, here: here.get(name), there: there.get(name) }));
  const differing = all.filter(one => one.here !== one.there);
  const isInBoth = (one: ComparedText) => one.here !== undefined && one.there !== undefined;
  return {
    differing: [...differing.filter(isInBoth), ...differing.filter(one => !isInBoth(one))],
    same: all.filter(one => one.here === one.there),
  };
}
