import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { findRootFailure } from '../../../../shared/bootlog/find-root-failure.ts';
import { findKnownCode } from '../../../../shared/bootlog/known-codes.ts';
import { packageNameOf } from '../../../../shared/facts/facts-of-device-installs.ts';
import {
  findDeviceInstalls,
  findPendingTransaction,
  findRegistryExtract,
  findServicingLogs,
} from '../../api/log-readings.ts';
import { findSystemEvents } from '../../api/system-events.ts';

/** One change of the machine before it failed. */
export interface Change {
  /** Instant in UTC, or a local time without a zone; null for what waits for the next start. */
  readonly at: string | null;
  readonly what: string;
  readonly name: string;
  /** The name as the file writes it, where it was shortened. */
  readonly exact?: string;
  /** File that tells it. */
  readonly from: string;
}

const mostOfOneKind = 5;

/**
 * What changed on the machine, newest first, over all logs; what still waits comes before. Logs without a zone are put
 * where their local time says, which is right to within the zone of the machine.
 */
export function listChanges({ evidence }: IncidentDetail): readonly Change[] {
  const waiting = findPendingTransaction(evidence);
  const updates = findRegistryExtract(evidence)?.content.software.content?.updates ?? [];
  const first = waiting?.content.packages[0] ?? 'A servicing transaction';
  const pending = waiting?.content.isPending
    ? [{ ...change(null, 'waits for the next start', shortPackage(first), 'pending.xml'), exact: first }]
    : [];
  const stuck = updates
    .filter(({ state }) => state === 'install-pending' || state === 'uninstall-pending')
    .map(({ name, state }) => change(null, state.replace('-', ' '), name, 'registry'));
  const packages = (findDeviceInstalls(evidence)?.content.packages ?? []).map(one =>
    change(
      one.installedAtLocal,
      'driver package added',
      [packageNameOf(one.storeFolder), one.version, one.provider === null ? null : `by ${one.provider}`]
        .filter(part => part !== null)
        .join(' '),
      'setupapi.dev.log',
    ),
  );
  const installed = (findSystemEvents(evidence)?.content.events ?? []).flatMap(event =>
    event.kind === 'update' && (event.step === 'installed' || event.step === 'failed')
      ? [
          change(
            event.at,
            event.step === 'installed' ? 'update installed' : `update failed ${event.errorCode ?? ''}`.trim(),
            event.title,
            'System.evtx',
          ),
        ]
      : [],
  );
  const failures = findServicingLogs(evidence).flatMap(({ content }) => {
    const root = findRootFailure(content);
    if (root?.code == null) return [];
    const name = root.codeName ?? findKnownCode(root.code)?.name ?? 'a code without a known name';
    return [
      change(
        root.atLocal,
        'servicing failed',
        `${root.code} ${name}`,
        content.kind === 'cbs' ? 'CBS.log' : 'dism.log',
      ),
    ];
  });
  const dated = [packages, installed, failures]
    .flatMap(list => list.slice(0, mostOfOneKind))
    .toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  return [...pending, ...stuck.slice(0, mostOfOneKind), ...dated];
}

/** `RollupFix 22621.3880.1.10` of `Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10`. */
const shortPackage = (identity: string): string =>
  identity.replace(/^Package_for_([\w.-]+)~[^~]*~[^~]*~[^~]*~([\d.]+)$/, '$1 $2');

const change = (at: string | null, what: string, name: string, from: string): Change => ({
  at,
  what,
  name,
  from,
});
