/** What the address of a part of the system says. */
export interface SystemSearch {
  readonly search?: string;
}

/** Reads the address; what makes no sense is left out. */
export function parseSystemSearch({ search }: Record<string, unknown>): SystemSearch {
  const text = typeof search === 'string' || typeof search === 'number' ? String(search) : '';
  return text === '' ? {} : { search: text.slice(0, 100) };
}
