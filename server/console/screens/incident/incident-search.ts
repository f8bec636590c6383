/** The tabs of an incident, in order, with the word each shows. */
export const incidentTabs = {
  why: 'Why',
  crash: 'Crash',
  'boot-log': 'Boot log',
  changes: 'Changes',
  events: 'Events',
  registry: 'Registry',
  script: 'Script and steps',
  files: 'Files',
  facts: 'Facts',
} as const;
export type IncidentTab = keyof typeof incidentTabs;

/** What the address of an incident says. */
export interface IncidentSearch {
  readonly tab?: IncidentTab;
}

const isTab = (value: unknown): value is IncidentTab =>
  typeof value === 'string' && Object.hasOwn(incidentTabs, value);

/** Reads the address; an unknown tab is left out. */
export const parseIncidentSearch = ({ tab }: Record<string, unknown>): IncidentSearch =>
  isTab(tab) ? { tab } : {};
