import type { AllowedProgram } from '../../../shared/remediation/program-policy.ts';
import type { Sql } from '../../db/sql.ts';

export interface StoredProgram {
  readonly programId: string;
  readonly path: string;
  readonly sha256: string;
  readonly addedBy: string;
  readonly addedAt: Date;
}

/** A program as machines told of it. */
export interface ToldProgram extends AllowedProgram {
  readonly machines: number;
  readonly names: readonly string[];
}

const columns = `program_id as "programId", path, encode(sha256, 'hex') as sha256, added_by as "addedBy", added_at as "addedAt"`;
const mostTold = 100;

/** The list for bundles, and what machines told of their own lists. */
export class AllowedProgramsStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async list(organizationId: string): Promise<StoredProgram[]> {
    return await this.#sql.query<StoredProgram>(
      `select ${columns} from allowed_program where organization_id = $1 order by lower(path), added_at`,
      [organizationId],
    );
  }

  /** False when this program is on the list already. */
  async insert(
    organizationId: string,
    { programId, path, sha256, addedBy, addedAt }: StoredProgram,
  ): Promise<boolean> {
    const inserted = await this.#sql.query(
      `insert into allowed_program (organization_id, program_id, path, sha256, added_by, added_at)
       values ($1, $2, $3, decode($4, 'hex'), $5, $6)
       on conflict (organization_id, lower(path), sha256) do nothing returning program_id`,
      [organizationId, programId, path, sha256, addedBy, addedAt],
    );
    return inserted.length > 0;
  }

  /** The program that was on the list; undefined when none was. */
  async delete(organizationId: string, programId: string): Promise<StoredProgram | undefined> {
    const [deleted] = await this.#sql.query<StoredProgram>(
      `delete from allowed_program where organization_id = $1 and program_id = $2 returning ${columns}`,
      [organizationId, programId],
    );
    return deleted;
  }

  /** Machines that are not retired, and how many of them ever told what they allow. */
  async count(organizationId: string): Promise<{ machines: number; told: number }> {
    const [counted] = await this.#sql.query<{ machines: number; told: number }>(
      `select count(*)::integer as machines, count(r.device_id)::integer as told
       from device d left join device_readiness r using (organization_id, device_id)
       where d.organization_id = $1 and d.state <> 'retired'`,
      [organizationId],
    );
    return counted!;
  }

  /** What machines allow, by what each said when it was last healthy; the programs of most machines first. */
  async listTold(organizationId: string): Promise<ToldProgram[]> {
    return await this.#sql.query<ToldProgram>(
      `select min(p ->> 'path') as path, p ->> 'sha256' as sha256, count(distinct d.device_id)::integer as machines,
         (array_agg(distinct d.name order by d.name))[1:5] as names
       from device d join device_readiness r using (organization_id, device_id)
         cross join lateral jsonb_path_query(r.findings, '$[*] ? (@.code == "programs-allowed").programs[*]') p
       where d.organization_id = $1 and d.state <> 'retired' and r.findings @> '[{"code": "programs-allowed"}]'
       group by lower(p ->> 'path'), p ->> 'sha256' order by 3 desc, 1, 2 limit ${mostTold}`,
      [organizationId],
    );
  }
}
