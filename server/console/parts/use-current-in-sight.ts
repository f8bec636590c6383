import { type RefObject, useEffect } from 'react';

/**
 * Pulls a row of links or tabs sideways, where it is wider than the page, until the one of this page is in its middle;
 * also when a phone is turned or a window made narrow.
 */
export function useCurrentInSight(row: RefObject<HTMLElement | null>, page: string): void {
  useEffect(() => {
    const links = row.current;
    if (!links) return undefined;
    const pull = () => {
      const current = links.querySelector('[aria-current="page"], [aria-selected="true"]');
      if (!current) return;
      const [whole, part] = [links.getBoundingClientRect(), current.getBoundingClientRect()];
      links.scrollBy({ left: part.left - whole.left - (whole.width - part.width) / 2 });
    };
    pull();
    const watch = new ResizeObserver(pull);
    watch.observe(links);
    return () => watch.disconnect();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- which link is the current one follows from the page
  }, [row, page]);
}
