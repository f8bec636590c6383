import type { RefObject } from 'react';
import { useShortcuts } from '../frame/shortcuts.tsx';

/** Lets `j` and `k` go through the rows of a list; `one` is what a row is: "device". */
export function useRowKeys(list: RefObject<HTMLElement | null>, one: string): void {
  const go = (step: number) => {
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>(':scope > li > a') ?? [])];
    const at = links.findIndex(link => link === document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  };
  useShortcuts([
    { keys: ['j'], does: `Next ${one}`, run: () => go(1) },
    { keys: ['k'], does: `Previous ${one}`, run: () => go(-1) },
    // The row that has the focus is a link, which opens by itself.
    { keys: ['Enter'], does: `Open the ${one}`, run: () => {} },
  ]);
}
