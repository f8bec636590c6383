import { type IssueStanding, standings } from '../../words/known-issues.ts';

/** What the address of the list says. */
export interface KnownIssuesSearch {
  readonly show?: IssueStanding;
  readonly search?: string;
}

/** Reads the address; what makes no sense is left out. */
export function parseKnownIssuesSearch(search: Record<string, unknown>): KnownIssuesSearch {
  const show = (Object.keys(standings) as IssueStanding[]).find(one => one === search['show']);
  const text = ['string', 'number'].includes(typeof search['search']) ? String(search['search']) : '';
  return {
    ...(show === undefined ? {} : { show }),
    ...(text === '' ? {} : { search: text.slice(0, 200) }),
  };
}
