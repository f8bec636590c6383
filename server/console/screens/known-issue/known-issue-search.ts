/** What stands under the editor. */
export const issueTabs = {
  incidents: 'On stored incidents',
  one: 'On one incident',
  'back-test': 'Back-test',
  versions: 'Versions',
} as const;
export type IssueTab = keyof typeof issueTabs;

/** What the address of one known issue says. */
export interface KnownIssueSearch {
  readonly tab?: IssueTab;
  readonly version?: number;
  /** An incident that the rule is explained on: its id or code. */
  readonly on?: string;
}

/** Reads the address; what makes no sense is left out. */
export function parseKnownIssueSearch(search: Record<string, unknown>): KnownIssueSearch {
  const tab = (Object.keys(issueTabs) as IssueTab[]).find(one => one === search['tab']);
  const { version, on } = search;
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(typeof version === 'number' && Number.isInteger(version) && version > 0 ? { version } : {}),
    ...(typeof on === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(on) ? { on } : {}),
  };
}

/** What the address of a new known issue says: the incident it is made from. */
export function parseNewIssueSearch(search: Record<string, unknown>): {
  readonly from?: string;
  readonly on?: string;
  readonly tab?: IssueTab;
} {
  const { from } = search;
  const { tab, on } = parseKnownIssueSearch(search);
  return {
    ...(typeof from === 'string' && /^[0-9a-f-]{36}$/.test(from) ? { from } : {}),
    ...(tab === undefined ? {} : { tab }),
    ...(on === undefined ? {} : { on }),
  };
}
