import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Sql } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import type { IncidentEvent } from '../intake/incident-machine.ts';
import type { IssueVerdict } from './issue-verdict.ts';
import type { KnownIssues } from './known-issues.ts';
import { MatchAgainStore } from './match-again-store.ts';

interface Parts {
  readonly sql: Sql;
  readonly issues: Pick<KnownIssues, 'match' | 'fingerprint'>;
  readonly organizationId: string;
  readonly log: Log;
  /** The state of an incident after an event; undefined when that cannot happen. */
  readonly nextState: (state: IncidentState, event: IncidentEvent) => IncidentState | undefined;
  readonly incidentChanged: () => void;
  readonly limits?: MatchAgainLimits;
}

/** How much is done at once. The rest waits for the next minute, so that a large fleet never keeps the server busy. */
interface MatchAgainLimits {
  readonly batch: number;
  readonly mostBatches: number;
}

const usualLimits: MatchAgainLimits = { batch: 200, mostBatches: 20 };

/**
 * Matches open incidents again after a known issue was published or withdrawn, with the very code that answers a
 * check-in. Machines that wait get what follows from it at their next poll.
 */
export class MatchAgain {
  readonly #parts: Parts;
  readonly #store: MatchAgainStore;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#store = new MatchAgainStore(parts.sql);
  }

  run = async (now: Date): Promise<void> => {
    const { issues, organizationId, log, nextState, incidentChanged, limits = usualLimits } = this.#parts;
    const fingerprint = await issues.fingerprint(organizationId);
    let [looked, changed] = [0, 0];
    let after: string | undefined;
    for (let round = 0; round < limits.mostBatches; round++) {
      const incidents = await this.#store.listOutdated(organizationId, fingerprint, {
        after,
        most: limits.batch,
      });
      for (const incident of incidents) {
        const verdicts = await issues.match(organizationId, incident.facts);
        const state = eventsOf(verdicts).reduce(
          (current, event) => nextState(current, event) ?? current,
          incident.state,
        );
        const [first] = verdicts.filter(one => one.verdict === 'matched');
        if (await this.#store.write(organizationId, { incident, state, first, verdicts, fingerprint, now }))
          changed++;
      }
      looked += incidents.length;
      if (incidents.length < limits.batch) break;
      after = incidents.at(-1)!.incidentId;
    }
    if (changed > 0) incidentChanged();
    if (looked > 0) log.info('open incidents matched again', { looked, changed });
  };
}

function eventsOf(verdicts: readonly IssueVerdict[]): readonly IncidentEvent[] {
  const [first] = verdicts;
  if (first?.verdict !== 'matched') return ['unexplained'];
  return first.policy === 'automatic' ? ['explained'] : ['explained', 'person-needed'];
}
