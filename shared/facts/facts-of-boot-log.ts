import type { BootLog } from '../bootlog/boot-log.ts';
import type { Facts } from './facts.ts';

/** The facts the newest start in a boot log states. */
export function factsOfBootLog({ boots, lastLoaded }: Pick<BootLog, 'boots' | 'lastLoaded'>): Facts {
  const newest = boots.at(-1);
  if (!newest) return {};
  return {
    'bootlog.loaded': newest.loaded.length,
    ...(lastLoaded && { 'bootlog.lastLoaded': lastLoaded.name.slice(0, 512) }),
  };
}
