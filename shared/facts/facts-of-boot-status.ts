import type { BootStatus } from '../bootlog/boot-status.ts';
import type { Facts } from './facts.ts';

const longestText = 512;

/** The facts bootstat.dat states: how the last start and stop went, and what the loader of the newest start failed at. */
export function factsOfBootStatus({ status, entries }: Pick<BootStatus, 'status' | 'entries'>): Facts {
  const startOfNewest = entries.findIndex(({ event }) => event === 'log-started');
  const newest = startOfNewest < 0 ? entries : entries.slice(0, startOfNewest);
  const failure = newest.find(entry => entry.isError && entry.status !== null);
  return {
    ...(status && {
      'boot.lastStartGood': status.wasLastStartGood,
      'boot.lastStopClean': status.wasLastStopClean,
    }),
    ...(status?.lastAliveAt && { 'boot.lastAliveAt': status.lastAliveAt }),
    ...(failure?.status && { 'boot.loaderError': failure.status }),
    ...(failure?.path && { 'boot.loaderErrorPath': failure.path.slice(0, longestText) }),
  };
}
