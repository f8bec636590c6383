import type { PendingRenamesLog } from '../bootlog/pending-renames-log.ts';
import type { Facts } from './facts.ts';

/** The fact PFRO.log states about the newest start in it. */
export function factsOfPendingRenamesLog({ runs }: Pick<PendingRenamesLog, 'runs'>): Facts {
  const [newest] = runs;
  return newest ? { 'boot.failedRenames': newest.failures.length } : {};
}
