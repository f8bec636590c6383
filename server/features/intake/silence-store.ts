import type { Sql } from '../../db/sql.ts';

export interface DueAttempt {
  readonly organizationId: string;
  readonly deviceId: string;
  readonly incidentId: string;
  readonly attemptId: string;
}

/** Attempts and incidents of which nothing was heard for too long. */
export class SilenceStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Attempts past their deadline, their devices held; a device that is just reporting is left for the next run. */
  async lockDue(now: Date, most: number): Promise<DueAttempt[]> {
    return await this.#sql.query<DueAttempt>(
      `select l.organization_id as "organizationId", l.device_id as "deviceId", l.incident_id as "incidentId",
         l.attempt_id as "attemptId"
       from live_attempt l join device d using (organization_id, device_id)
       where l.deadline_at < $1
       order by l.deadline_at limit $2
       for update of l, d skip locked`,
      [now, most],
    );
  }

  /** Ends attempts as silent, where the machines of states allow it; gives the incidents that changed. */
  async markSilent(
    due: readonly DueAttempt[],
    now: Date,
    legal: { attempt: readonly string[]; incident: readonly string[] },
  ): Promise<string[]> {
    const rows = await this.#sql.query<{ incidentId: string }>(
      `with due as (
         select * from jsonb_to_recordset($1::jsonb)
           as d("organizationId" text, "deviceId" text, "incidentId" uuid, "attemptId" uuid)
       ),
       no_longer_live as (
         delete from live_attempt l using due
         where l.organization_id = due."organizationId" and l.device_id = due."deviceId"
           and l.attempt_id = due."attemptId"
       ),
       silent as (
         update attempt a set state = 'silent', ended_at = $2
         from due
         where a.organization_id = due."organizationId" and a.incident_id = due."incidentId"
           and a.attempt_id = due."attemptId" and a.state = any($3)
       )
       update incident i set state = 'awaiting-person', changed_at = $2
       from due
       where i.organization_id = due."organizationId" and i.incident_id = due."incidentId" and i.state = any($4)
       returning i.incident_id as "incidentId"`,
      [JSON.stringify(due), now, legal.attempt, legal.incident],
    );
    return rows.map(row => row.incidentId);
  }

  /** Gives up incidents of which nothing was heard since `before`; a device that is just reporting is left alone. */
  async giveUp(before: Date, now: Date, legal: readonly string[], most: number): Promise<string[]> {
    const rows = await this.#sql.query<{ incidentId: string }>(
      `with forgotten as (
         select l.organization_id, l.device_id, l.incident_id
         from live_incident l join device d using (organization_id, device_id)
           join incident i using (organization_id, incident_id)
         where i.changed_at < $1 and i.state = any($3) and not exists (
           select from live_attempt a where a.organization_id = l.organization_id and a.device_id = l.device_id)
         limit $4
         for update of l, d skip locked
       ),
       no_longer_live as (
         delete from live_incident l using forgotten f
         where l.organization_id = f.organization_id and l.device_id = f.device_id
       )
       update incident i set state = 'given-up', changed_at = $2, closed_at = $2
       from forgotten f
       where i.organization_id = f.organization_id and i.incident_id = f.incident_id
       returning i.incident_id as "incidentId"`,
      [before, now, legal, most],
    );
    return rows.map(row => row.incidentId);
  }
}
