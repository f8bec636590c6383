import { type Mark, marks } from '../../words/states.ts';

/** What the address of the list says: filter, search and the row the reader stands on. */
export interface IncidentsSearch {
  readonly state?: Mark;
  readonly search?: string;
  readonly selected?: string;
}

/** Reads the address; what makes no sense is left out. */
export function parseIncidentsSearch(search: Record<string, unknown>): IncidentsSearch {
  const state = marks.find(mark => mark === search['state']);
  // An address such as ?search=4711 arrives as a number.
  const text = ['string', 'number'].includes(typeof search['search']) ? String(search['search']) : '';
  return {
    ...(state === undefined ? {} : { state }),
    ...(text === '' ? {} : { search: text.slice(0, 200) }),
    ...(typeof search['selected'] === 'string' ? { selected: search['selected'] } : {}),
  };
}
