import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Sql } from '../../db/sql.ts';

export interface HeldIncident {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly state: IncidentState;
  readonly hasLiveAttempt: boolean;
}

export interface PersonAct {
  readonly kind: 'retried' | 'assigned' | 'marked-healed';
  readonly actor: string;
  readonly remediationId?: string;
  readonly note?: string;
}

/** What people decide about one incident, with its device held as messages of the device hold it. */
export class PersonActsStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Holds the device of an incident, then reads how the incident stands. */
  async hold(organizationId: string, incidentId: string): Promise<HeldIncident | undefined> {
    await this.#sql.query(
      `select from device d where d.organization_id = $1 and d.device_id = (
         select device_id from incident where organization_id = $1 and incident_id = $2)
       for update`,
      [organizationId, incidentId],
    );
    const [held] = await this.#sql.query<HeldIncident>(
      `select i.device_id as "deviceId", d.name as "deviceName", i.state, exists (
         select from live_attempt l where l.organization_id = $1 and l.device_id = i.device_id
       ) as "hasLiveAttempt"
       from incident i join device d using (organization_id, device_id)
       where i.organization_id = $1 and i.incident_id = $2`,
      [organizationId, incidentId],
    );
    return held;
  }

  /** Notes an act; the incident counts as changed. */
  async note(organizationId: string, incidentId: string, act: PersonAct, now: Date): Promise<void> {
    await this.#sql.query(
      `insert into incident_act (organization_id, incident_id, number, kind, actor, at, remediation_id, note)
       select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7
       from incident_act where organization_id = $1 and incident_id = $2`,
      [organizationId, incidentId, act.kind, act.actor, now, act.remediationId, act.note],
    );
    await this.#sql.query(
      'update incident set changed_at = $3 where organization_id = $1 and incident_id = $2',
      [organizationId, incidentId, now],
    );
  }

  /** Ends an incident in a final state; the device may open another. */
  async close(organizationId: string, incidentId: string, state: IncidentState, now: Date): Promise<void> {
    await this.#sql.query(
      `with no_longer_live as (
         delete from live_incident where organization_id = $1 and incident_id = $2
       )
       update incident set state = $3, closed_at = $4 where organization_id = $1 and incident_id = $2`,
      [organizationId, incidentId, state, now],
    );
  }

  /** Whether a remediation has a version at all. */
  async hasRemediation(organizationId: string, remediationId: string): Promise<boolean> {
    const found = await this.#sql.query(
      'select from remediation_version where organization_id = $1 and remediation_id = $2 limit 1',
      [organizationId, remediationId],
    );
    return found.length > 0;
  }
}
