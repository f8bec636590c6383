import type { IncidentsSearch } from './incidents-search.ts';

let place: IncidentsSearch = {};

/** Remembers how the reader left the list, so that the way back from an incident leads there. */
export function keepPlace(search: IncidentsSearch): void {
  place = search;
}

/** How the reader left the list. */
export const readerPlace = (): IncidentsSearch => place;
