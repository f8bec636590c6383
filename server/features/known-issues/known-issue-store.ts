import type { Sql } from '../../db/sql.ts';
import type { Policy } from './issue-verdict.ts';

/** A version of a known issue that is in force. */
export interface PublishedIssue {
  readonly knownIssueId: string;
  readonly version: number;
  readonly title: string;
  readonly source: string;
  readonly policy: Policy;
  readonly remediationId: string | null;
}

export interface NewIssueVersion {
  readonly knownIssueId: string;
  readonly version: number;
  readonly title: string;
  readonly source: string;
  readonly sha256: Uint8Array;
  readonly state: 'draft' | 'published';
  readonly policy: Policy;
  readonly remediationId: string | undefined;
  readonly origin: 'shipped' | 'own';
  readonly author: string;
}

/** Known issues: versions are immutable, the newest published one is in force. */
export class KnownIssueStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async listPublished(organizationId: string): Promise<PublishedIssue[]> {
    return await this.#sql.query<PublishedIssue>(
      `select distinct on (known_issue_id) known_issue_id as "knownIssueId", version, title, source, policy,
         remediation_id as "remediationId"
       from known_issue_version where organization_id = $1 and state = 'published'
       order by known_issue_id, version desc`,
      [organizationId],
    );
  }

  /** Holds the organization, so that versions are numbered one by one. */
  async lockOrganization(organizationId: string): Promise<void> {
    await this.#sql.query(
      `select organization_id from organization where organization_id = $1 for no key update`,
      [organizationId],
    );
  }

  /** Changes whenever a version is added, published or withdrawn. */
  async readFingerprint(organizationId: string): Promise<string> {
    const [row] = await this.#sql.query<{ fingerprint: string }>(
      `select coalesce(md5(string_agg(concat_ws('/', known_issue_id, version, state, policy), ' '
         order by known_issue_id, version)), '') as fingerprint
       from known_issue_version where organization_id = $1`,
      [organizationId],
    );
    return row!.fingerprint;
  }

  /** What is stored of one known issue: its newest version, whether these bytes are there, whether people decided. */
  async readHistory(organizationId: string, knownIssueId: string, sha256: Uint8Array) {
    const [history] = await this.#sql.query<{ newest: number; isKnown: boolean; isDecided: boolean }>(
      `select coalesce(max(version), 0) as newest, coalesce(bool_or(sha256 = $3), false) as "isKnown",
         coalesce(bool_or(origin = 'own' and state = 'published' or state = 'withdrawn'), false) as "isDecided"
       from known_issue_version where organization_id = $1 and known_issue_id = $2`,
      [organizationId, knownIssueId, sha256],
    );
    return history!;
  }

  async insertVersion(organizationId: string, issue: NewIssueVersion): Promise<void> {
    await this.#sql.query(
      `insert into known_issue_version (organization_id, known_issue_id, version, title, source, sha256, state, policy,
         remediation_id, origin, author)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        organizationId,
        issue.knownIssueId,
        issue.version,
        issue.title,
        issue.source,
        issue.sha256,
        issue.state,
        issue.policy,
        issue.remediationId,
        issue.origin,
        issue.author,
      ],
    );
  }

  /** Puts a draft in force; false when it is none, or an older one than is in force. */
  async publish(organizationId: string, knownIssueId: string, version: number): Promise<boolean> {
    const published = await this.#sql.query(
      `update known_issue_version set state = 'published'
       where organization_id = $1 and known_issue_id = $2 and version = $3 and state <> 'published'
         and version > (select coalesce(max(n.version), 0) from known_issue_version n
           where n.organization_id = $1 and n.known_issue_id = $2 and n.state = 'published')
       returning version`,
      [organizationId, knownIssueId, version],
    );
    return published.length > 0;
  }

  /** Takes every published version out of force; false when none was. */
  async withdraw(organizationId: string, knownIssueId: string): Promise<boolean> {
    const withdrawn = await this.#sql.query(
      `update known_issue_version set state = 'withdrawn'
       where organization_id = $1 and known_issue_id = $2 and state = 'published' returning version`,
      [organizationId, knownIssueId],
    );
    return withdrawn.length > 0;
  }
}
