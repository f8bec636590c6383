import { useSyncExternalStore } from 'react';

/** How close the rows of lists and tables stand; their heights are tokens. */
export const densities = { comfortable: 'Comfortable', compact: 'Compact' } as const;
export type Density = keyof typeof densities;

const storageKey = 'bootmend-density';
const watchers = new Set<() => void>();

const readDensity = (): Density =>
  document.documentElement.dataset['density'] === 'compact' ? 'compact' : 'comfortable';

/** Puts what this person chose last on the page; called before the first thing is drawn, so that nothing jumps. */
export function restoreDensity(): void {
  if (localStorage.getItem(storageKey) === 'compact') document.documentElement.dataset['density'] = 'compact';
}

function setDensity(density: Density): void {
  if (density === 'compact') document.documentElement.dataset['density'] = density;
  else delete document.documentElement.dataset['density'];
  localStorage.setItem(storageKey, density);
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The density and the switch for it, kept in this browser. */
export const useDensity = () => ({ density: useSyncExternalStore(watch, readDensity), setDensity });
