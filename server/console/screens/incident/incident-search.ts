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
  compare: 'Compare',
} as const;
export type IncidentTab = keyof typeof incidentTabs;

/** What the address of an incident says. */
export interface IncidentSearch {
  readonly tab?: IncidentTab;
  /** The incident that this one is compared with. */
  readonly with?: string;
  /** The healthy machine that it is compared with. */
  readonly healthy?: string;
}

const isTab = (value: unknown): value is IncidentTab =>
  typeof value === 'string' && Object.hasOwn(incidentTabs, value);

/** Reads the address; what makes no sense is left out. */
export const parseIncidentSearch = ({
  tab,
  with: other,
  healthy,
}: Record<string, unknown>): IncidentSearch => ({
  ...(isTab(tab) ? { tab } : {}),
  ...(typeof other === 'string' && other !== '' ? { with: other } : {}),
  ...(typeof healthy === 'string' && healthy !== '' ? { healthy } : {}),
});
