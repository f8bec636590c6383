import type { SearchHit } from '../../../shared/api/search.ts';
import type { Sql } from '../../db/sql.ts';

/** Finds known issues and remediations by name; there are few of them. */
export async function findAuthored(
  sql: Sql,
  organizationId: string,
  text: string,
  most: number,
): Promise<SearchHit[]> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return await sql.query<SearchHit>(
    `(select distinct 'known-issue' as kind, known_issue_id as id, first_value(title) over newest as title,
        known_issue_id as detail
      from known_issue_version where organization_id = $1 and (known_issue_id ilike $2 or title ilike $2)
      window newest as (partition by known_issue_id order by version desc)
      order by 3 limit $3)
     union all
     (select distinct 'remediation', remediation_id, remediation_id, 'remediation'
      from remediation_version where organization_id = $1 and remediation_id ilike $2 order by 2 limit $3)`,
    [organizationId, pattern, most],
  );
}
