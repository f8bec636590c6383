import type { ProgramReach } from '../../../shared/api/remediation.ts';
import type { AllowedProgram } from '../../../shared/remediation/program-policy.ts';
import type { Sql } from '../../db/sql.ts';

/** Which machines allow a program, by what each said when it was last healthy; each decides by its own list when it comes to it. */
export class AllowedProgramsRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** How many machines allow a program, of all that are not retired; one that never told counts as one that does not. */
  async reachOf(organizationId: string, { path, sha256 }: AllowedProgram): Promise<ProgramReach> {
    const told = JSON.stringify([{ code: 'programs-allowed', programs: [{ sha256 }] }]);
    const [reach] = await this.#sql.query<{ machines: number; allowing: number }>(
      `select count(*)::integer as machines, count(*) filter (
         where r.findings @> $2::jsonb and exists (
           select from jsonb_path_query(r.findings, '$[*] ? (@.code == "programs-allowed").programs[*]') p
           where p ->> 'sha256' = $3 and lower(p ->> 'path') = lower($4)))::integer as allowing
       from device d left join device_readiness r using (organization_id, device_id)
       where d.organization_id = $1 and d.state <> 'retired'`,
      [organizationId, told, sha256, path],
    );
    return { path, sha256, machines: reach?.machines ?? 0, allowing: reach?.allowing ?? 0 };
  }
}
