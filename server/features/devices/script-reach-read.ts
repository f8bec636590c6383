import type { AllowedProgram } from '../../../shared/remediation/program-policy.ts';
import type { Sql } from '../../db/sql.ts';

/** Names that are told of machines that are alike. */
export const mostNames = 5;

/** Machines that told the same of what decides whether a script is for them. */
export interface MachineKind {
  readonly agentVersion: string | null;
  /** The programs they allow; null where they never told. */
  readonly programs: readonly AllowedProgram[] | null;
  /** Their Windows, as facts. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly machines: number;
  readonly names: readonly string[];
}

const windowsFacts = ['os.build', 'os.revision', 'os.edition', 'os.architecture', 'os.productType'];

/** Reads machines by what they told, alike ones as one row, so that a large fleet is a few hundred rows. */
export class ScriptReachRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The facts are those of the last start in order, and of an incident where one is asked for. */
  async listKinds(
    organizationId: string,
    withPrograms: boolean,
    incidentId: string | undefined,
  ): Promise<MachineKind[]> {
    const facts = `coalesce(f.facts, '{}') || coalesce(i.facts, '{}')`;
    return await this.#sql.query<MachineKind>(
      `select told."agentVersion", told.programs, told.facts, count(*)::integer as machines,
         (array_agg(told.name order by told.name))[1:${mostNames}] as names
       from (
         select d.name, r.agent_version as "agentVersion",
           case when $2 and r.findings is not null then coalesce(
             jsonb_path_query_first(r.findings, '$[*] ? (@.code == "programs-allowed").programs'), '[]') end as programs,
           jsonb_strip_nulls(jsonb_build_object(
             ${windowsFacts.map(name => `'${name}', (${facts}) -> '${name}'`).join(', ')})) as facts
         from device d left join device_readiness r using (organization_id, device_id)
           left join device_facts f using (organization_id, device_id)
           left join incident i on i.organization_id = d.organization_id and i.device_id = d.device_id
             and i.incident_id = $3::uuid
         where d.organization_id = $1 and case when $3::uuid is null then d.state <> 'retired'
           else i.incident_id is not null end
       ) told group by 1, 2, 3`,
      [organizationId, withPrograms, incidentId ?? null],
    );
  }
}
