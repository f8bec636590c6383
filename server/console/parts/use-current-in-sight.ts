import { type RefObject, useEffect } from 'react';

/** Pulls a row of links sideways, where it is wider than the page, until the link of this page is in its middle. */
export function useCurrentInSight(row: RefObject<HTMLElement | null>, page: string): void {
  useEffect(() => {
    const current = row.current?.querySelector('[aria-current="page"]');
    if (!row.current || !current) return;
    const [whole, part] = [row.current.getBoundingClientRect(), current.getBoundingClientRect()];
    row.current.scrollBy({ left: part.left - whole.left - (whole.width - part.width) / 2 });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- which link is the current one follows from the page
  }, [row, page]);
}
