/** What stands beside the editor, in order, with the word each shows. */
export const sideTabs = {
  meaning: 'What it does',
  try: 'Try it',
  paste: 'Translate',
  versions: 'Versions',
  sign: 'Sign',
} as const;
export type SideTab = keyof typeof sideTabs;

/** What the address of a script says. */
export interface RemediationSearch {
  readonly tab?: SideTab;
}

/** Reads the address; an unknown tab is left out. */
export const parseRemediationSearch = ({ tab }: Record<string, unknown>): RemediationSearch =>
  typeof tab === 'string' && Object.hasOwn(sideTabs, tab) ? { tab: tab as SideTab } : {};
