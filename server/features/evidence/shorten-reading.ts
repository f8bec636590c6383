import type { LeftOut } from '../../../shared/api/incident.ts';
import type { EvidenceReadings } from '../../../shared/evidence/read-evidence.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';

/** Takes the first entries of a list and notes when some were left out. */
type Cut = <One>(what: string, list: readonly One[], most: number) => readonly One[];

type Shorteners = {
  readonly [Kind in EvidenceKind]: (reading: EvidenceReadings[Kind], cut: Cut) => EvidenceReadings[Kind];
};

/** Lists are newest first, but those of ntbtlog.txt and SrtTrail.txt, which keep the order of the file. */
const shorteners: Shorteners = {
  // bounded where they are made
  'crash-extract': reading => reading,
  'registry-extract': reading => reading,
  'boot-log': (log, cut) => ({ ...log, boots: cut('starts', log.boots.toReversed(), 4).toReversed() }),
  'startup-repair-log': (trail, cut) => ({
    ...trail,
    sessions: cut('sessions', trail.sessions.toReversed(), 20).toReversed(),
  }),
  'boot-status': (log, cut) => ({ ...log, entries: cut('entries', log.entries, 200) }),
  'pending-renames-log': (log, cut) => ({
    ...log,
    runs: cut('starts', log.runs, 20).map(run => ({ ...run, failures: cut('files', run.failures, 50) })),
  }),
  'pending-transaction': (transaction, cut) => ({
    ...transaction,
    packages: cut('packages', transaction.packages, 100),
  }),
  'servicing-log': (log, cut) => ({
    ...log,
    sessions: cut('sessions', log.sessions, 60),
    packages: cut('packages', log.packages, 60).map(one => ({ ...one, changes: one.changes.slice(-8) })),
    failures: cut('failures', log.failures, 100),
  }),
  'device-install-log': (log, cut) => ({
    ...log,
    sections: cut('installations', log.sections, 100),
    packages: cut('driver packages', log.packages, 60),
  }),
  'event-log': (log, cut) => ({ ...log, events: cut('events', log.events, 400) }),
};

/**
 * A reading as it is kept: of long lists the newest entries, which tell the story, with `leftOut` naming each list that
 * was cut. The bytes themselves stay, and facts are drawn before.
 */
export function shortenReading<Kind extends EvidenceKind>(
  kind: Kind,
  reading: EvidenceReadings[Kind],
): EvidenceReadings[Kind] & { readonly leftOut?: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const short = shorteners[kind](reading, (what, list, most) => {
    if (list.length > most) leftOut.push({ what, shown: most, of: list.length });
    return list.slice(0, most);
  });
  return leftOut.length === 0 ? short : { ...short, leftOut };
}
