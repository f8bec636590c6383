import type { Sql } from '../../db/sql.ts';
import type { AuditEntry } from './audit-chain.ts';

interface EntryRow {
  readonly organization_id: string;
  readonly number: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: AuditEntry['detail'];
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/**
 * The newest entry of an organization. Its row is locked until the transaction ends, so that entries are appended one
 * after another.
 */
export async function lockNewestEntry(
  sql: Sql,
  organizationId: string,
): Promise<{ readonly number: number; readonly hash: Buffer } | undefined> {
  await sql.query('select from organization where organization_id = $1 for no key update', [organizationId]);
  const [newest] = await sql.query<Pick<EntryRow, 'number' | 'hash'>>(
    'select number, hash from audit_entry where organization_id = $1 order by number desc limit 1',
    [organizationId],
  );
  return newest;
}

/** The number and instant of the newest entry. */
export async function readNewest(
  sql: Sql,
  organizationId: string,
): Promise<Pick<EntryRow, 'number' | 'at'> | undefined> {
  const [newest] = await sql.query<Pick<EntryRow, 'number' | 'at'>>(
    'select number, at from audit_entry where organization_id = $1 order by number desc limit 1',
    [organizationId],
  );
  return newest;
}

export async function insertEntry(sql: Sql, entry: AuditEntry): Promise<void> {
  await sql.query(
    `insert into audit_entry
       (organization_id, number, at, actor, action, subject, detail, previous_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      entry.organizationId,
      entry.number,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      JSON.stringify(entry.detail),
      entry.previousHash,
      entry.hash,
    ],
  );
}

/** The entries after a number, in their order. */
export async function listEntriesAfter(
  sql: Sql,
  organizationId: string,
  number: number,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await sql.query<EntryRow>(
    `select organization_id, number, at, actor, action, subject, detail, previous_hash, hash
     from audit_entry where organization_id = $1 and number > $2 order by number limit $3`,
    [organizationId, number, limit],
  );
  return rows.map(entryOf);
}

/** The newest entries before a number, newest first, of one actor or one action when these are given. */
export async function listNewestEntries(
  sql: Sql,
  organizationId: string,
  filter: {
    readonly before: number | undefined;
    readonly actor: string | undefined;
    readonly action: string | undefined;
    readonly limit: number;
  },
): Promise<AuditEntry[]> {
  const rows = await sql.query<EntryRow>(
    `select organization_id, number, at, actor, action, subject, detail, previous_hash, hash
     from audit_entry
     where organization_id = $1 and ($2::bigint is null or number < $2) and ($3::text is null or actor = $3)
       and ($4::text is null or action = $4)
     order by number desc limit $5`,
    [organizationId, filter.before, filter.actor, filter.action, filter.limit],
  );
  return rows.map(entryOf);
}

/** The newest entry of one action on one subject. */
export async function findNewestEntry(
  sql: Sql,
  organizationId: string,
  { action, subject }: Pick<AuditEntry, 'action' | 'subject'>,
): Promise<AuditEntry | undefined> {
  const [row] = await sql.query<EntryRow>(
    `select organization_id, number, at, actor, action, subject, detail, previous_hash, hash
     from audit_entry where organization_id = $1 and action = $2 and subject = $3
     order by number desc limit 1`,
    [organizationId, action, subject],
  );
  return row && entryOf(row);
}

const entryOf = ({
  organization_id: organizationId,
  previous_hash: previousHash,
  ...same
}: EntryRow): AuditEntry => ({ organizationId, previousHash, ...same });
