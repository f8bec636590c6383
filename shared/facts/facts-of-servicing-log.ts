import { findRootFailure } from '../bootlog/find-root-failure.ts';
import type { ServicingLog } from '../bootlog/servicing-log.ts';
import type { Facts } from './facts.ts';

/** The facts CBS.log or dism.log states: what the newest failing session failed at first, and when. */
export function factsOfServicingLog(
  log: Pick<ServicingLog, 'kind' | 'failures' | 'sessions' | 'lastFailure' | 'executeState'>,
): Facts {
  const root = findRootFailure(log);
  const room = log.kind === 'cbs' ? 'servicing' : 'dism';
  return {
    ...(root?.code && { [`${room}.rootError`]: root.code }),
    ...(root?.atLocal && { [`${room}.rootErrorAtLocal`]: root.atLocal }),
    ...(log.kind === 'cbs' &&
      log.executeState && { 'servicing.state': log.executeState.state.slice(0, 512) }),
  };
}
