import type { Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { isFinal, nextIncidentState } from './incident-machine.ts';
import { type HeldIncident, type PersonAct, PersonActsStore } from './person-acts-store.ts';

interface Parts {
  readonly transactions: Transactions;
  readonly audit: Audit;
  readonly clock: () => Date;
  readonly incidentChanged: (incidentId: string) => void;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What people do about a machine that is down; the machine hears of it when it asks next. */
export class PersonActs {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Begins again: attempts that failed so far do not count any more, and every question may be asked again. */
  async retry(person: SignedIn, incidentId: string): Promise<void> {
    await this.#act(person, incidentId, { kind: 'retried' }, async () => {});
  }

  /** Decides on a repair for this machine: it is ordered next, whatever the policy of its issue, if approvers signed it. */
  async assign(person: SignedIn, incidentId: string, remediationId: string): Promise<void> {
    await this.#act(person, incidentId, { kind: 'assigned', remediationId }, async store => {
      if (!(await store.hasRemediation(person.organizationId, remediationId)))
        throw new Refusal('not-found', `There is no remediation ${remediationId}.`, {
          path: 'remediationId',
        });
    });
  }

  /** Ends the incident of a machine that somebody brought back; should it call again, a new one opens. */
  async markHealed(person: SignedIn, incidentId: string, note: string | undefined): Promise<void> {
    const act = { kind: 'marked-healed', ...(note !== undefined && { note }) } as const;
    await this.#act(person, incidentId, act, async (store, held, now) => {
      if (held.hasLiveAttempt)
        throw new Refusal(
          'illegal-event',
          'An order is out, and the machine may be carrying it out now. Wait until it ends.',
        );
      const next = nextIncidentState(held.state, 'marked-healed');
      if (!next)
        throw new Refusal('illegal-event', `This cannot be said of an incident that is ${held.state}.`);
      await store.close(person.organizationId, incidentId, next, now);
    });
  }

  async #act(
    { organizationId, actor }: SignedIn,
    incidentId: string,
    act: Omit<PersonAct, 'actor'>,
    work: (store: PersonActsStore, held: HeldIncident, now: Date) => Promise<void>,
  ): Promise<void> {
    const { transactions, audit, clock, incidentChanged } = this.#parts;
    await transactions.transaction(async sql => {
      const store = new PersonActsStore(sql);
      const held = uuid.test(incidentId) ? await store.hold(organizationId, incidentId) : undefined;
      if (!held) throw new Refusal('not-found', 'There is no incident with this id.');
      if (isFinal(held.state))
        throw new Refusal('illegal-event', `This incident is over: it is ${held.state}.`);
      const now = clock();
      await work(store, held, now);
      await store.note(organizationId, incidentId, { ...act, actor }, now);
      const { kind, remediationId, note } = act;
      await audit.append(sql, {
        organizationId,
        actor,
        action: `incident-${kind}`,
        subject: `incident:${incidentId}`,
        detail: {
          deviceId: held.deviceId,
          ...(remediationId !== undefined && { remediationId }),
          ...(note !== undefined && { note }),
        },
      });
    });
    incidentChanged(incidentId);
  }
}
