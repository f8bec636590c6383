import type { BackTestState, KnownIssueRow, RuleTrial } from '../../../shared/api/known-issue.ts';
import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { Sql } from '../../db/sql.ts';

export interface ReadVersion {
  readonly knownIssueId: string;
  readonly version: number;
  readonly source: string;
  readonly state: KnownIssueRow['newestState'];
  readonly origin: KnownIssueRow['origin'];
  readonly author: string;
  readonly remediationId: string | null;
  readonly createdAt: Date;
}

export interface ReadBackTest {
  readonly version: number;
  readonly state: BackTestState['state'];
  readonly done: number;
  readonly total: number;
  readonly trial: RuleTrial | null;
  readonly startedAt: Date;
  readonly changedAt: Date;
}

/** The facts of an incident, and what explained it. */
export interface StoredFacts {
  readonly incidentId: string;
  readonly code: string;
  readonly knownIssueId: string | null;
  readonly facts: Facts;
}

/** An incident whose rules changed since it was matched. */
export interface OpenIncident extends StoredFacts {
  readonly state: IncidentState;
  readonly changedAt: Date;
}

const versionColumns = `known_issue_id as "knownIssueId", version, source, state, origin, author,
  remediation_id as "remediationId", created_at as "createdAt"`;
const factColumns = `incident_id as "incidentId", code, known_issue_id as "knownIssueId", facts`;

/** Reads known issues and the incidents that rules are tried on; changes nothing. */
export class KnownIssueRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The newest version of each, and the one in force where that is another; newest first. */
  async listShown(organizationId: string): Promise<ReadVersion[]> {
    return await this.#sql.query<ReadVersion>(
      `select ${versionColumns} from known_issue_version v
       where organization_id = $1 and (version = (
           select max(n.version) from known_issue_version n
           where n.organization_id = $1 and n.known_issue_id = v.known_issue_id)
         or version = (
           select max(n.version) from known_issue_version n
           where n.organization_id = $1 and n.known_issue_id = v.known_issue_id and n.state = 'published'))
       order by known_issue_id, version desc`,
      [organizationId],
    );
  }

  async listVersions(organizationId: string, knownIssueId: string): Promise<ReadVersion[]> {
    return await this.#sql.query<ReadVersion>(
      `select ${versionColumns} from known_issue_version where organization_id = $1 and known_issue_id = $2
       order by version desc`,
      [organizationId, knownIssueId],
    );
  }

  /** The sources of these versions, in any order. */
  async listSources(
    organizationId: string,
    versions: readonly Pick<ReadVersion, 'knownIssueId' | 'version'>[],
  ): Promise<Pick<ReadVersion, 'knownIssueId' | 'version' | 'source'>[]> {
    return await this.#sql.query(
      `select known_issue_id as "knownIssueId", version, source from known_issue_version
       where organization_id = $1
         and (known_issue_id, version) in (select * from unnest($2::text[], $3::integer[]))`,
      [organizationId, versions.map(one => one.knownIssueId), versions.map(one => one.version)],
    );
  }

  /** Machines by known issue: those that are down now, and all. */
  async countMachines(
    organizationId: string,
  ): Promise<{ knownIssueId: string; down: number; all: number }[]> {
    return await this.#sql.query(
      `select known_issue_id as "knownIssueId", count(*)::integer as "all",
         count(*) filter (where state not in ('healed', 'healed-by-hand', 'given-up'))::integer as down
       from incident where organization_id = $1 and known_issue_id is not null group by known_issue_id`,
      [organizationId],
    );
  }

  async listBackTests(organizationId: string, knownIssueId: string): Promise<ReadBackTest[]> {
    return await this.#sql.query<ReadBackTest>(
      `select version, state, done, total, result as trial, started_at as "startedAt", changed_at as "changedAt"
       from back_test where organization_id = $1 and known_issue_id = $2`,
      [organizationId, knownIssueId],
    );
  }

  /** The incidents that changed last, with their facts. */
  async listNewestFacts(organizationId: string, most: number): Promise<StoredFacts[]> {
    return await this.#sql.query<StoredFacts>(
      `select ${factColumns} from incident where organization_id = $1 order by changed_at desc limit $2`,
      [organizationId, most],
    );
  }

  /** The drivers that crashed the machines whose incidents changed last, the most frequent first. */
  async listCrashModules(organizationId: string, most: number): Promise<string[]> {
    const rows = await this.#sql.query<{ module: string }>(
      `with newest as materialized (
         select facts ->> 'crash.module' as module from incident where organization_id = $1
         order by changed_at desc limit 500
       )
       select module from newest where module is not null group by module order by count(*) desc, module limit $2`,
      [organizationId, most],
    );
    return rows.map(one => one.module);
  }

  /** The facts of every stored incident, in batches. */
  async *readFacts(organizationId: string, batch: number): AsyncIterable<readonly StoredFacts[]> {
    for (let after: string | null = null; ;) {
      const incidents: readonly StoredFacts[] = await this.#listFactsAfter(organizationId, after, batch);
      if (incidents.length > 0) yield incidents;
      if (incidents.length < batch) return;
      after = incidents.at(-1)!.incidentId;
    }
  }

  /** The next incidents in the order of their ids. */
  async #listFactsAfter(organizationId: string, after: string | null, most: number): Promise<StoredFacts[]> {
    return await this.#sql.query<StoredFacts>(
      `select ${factColumns} from incident where organization_id = $1 and ($2::uuid is null or incident_id > $2)
       order by incident_id limit $3`,
      [organizationId, after, most],
    );
  }

  async countIncidents(organizationId: string): Promise<number> {
    const [row] = await this.#sql.query<{ total: number }>(
      `select count(*)::integer as total from incident where organization_id = $1`,
      [organizationId],
    );
    return row!.total;
  }

  /** An incident by its id or the code that its machine shows. */
  async findFacts(organizationId: string, idOrCode: string): Promise<StoredFacts | undefined> {
    const [found] = await this.#sql.query<StoredFacts>(
      `select ${factColumns} from incident
       where organization_id = $1 and (incident_id::text = lower($2) or code = upper($2))
       order by changed_at desc limit 1`,
      [organizationId, idOrCode],
    );
    return found;
  }

  /** Incidents of one crash, or of one named driver. */
  async listLike(organizationId: string, { facts }: StoredFacts, most: number): Promise<StoredFacts[]> {
    const like = likenessOf(facts);
    if (!like) return [];
    return await this.#sql.query<StoredFacts>(
      `select ${factColumns} from incident where organization_id = $1 and facts @> $2::jsonb
       order by changed_at desc limit $3`,
      [organizationId, JSON.stringify(like), most],
    );
  }
}

/** What machines with the same failure have in common; undefined when nothing names it. */
export function likenessOf(facts: Facts): Facts | undefined {
  for (const name of ['crash.signature', 'crash.module', 'bootlog.lastLoaded', 'srt.rootCause']) {
    const value = facts[name];
    if (value !== undefined) return { [name]: value };
  }
  return undefined;
}
