import type { Sql } from '../../db/sql.ts';

/** Something that a person or the server did, and that must not be forgotten. */
export interface AuditAction {
  readonly organizationId: string;
  /** Who: `account:<name>`, `device:<id>` or `server`. */
  readonly actor: string;
  /** What, in kebab-case: `signed-in`, `remediation-approved`. */
  readonly action: string;
  /** To what: `incident:<id>`, `account:<name>`. */
  readonly subject: string;
  /** Small and without secrets: text, whole numbers, booleans, lists and records of them. */
  readonly detail?: AuditDetail;
}

export type AuditValue = null | boolean | number | string | readonly AuditValue[] | AuditDetail;
export interface AuditDetail {
  readonly [name: string]: AuditValue;
}

/** Appends to the audit log inside the caller's transaction: the action and its entry are kept together, or neither. */
export interface Audit {
  append(sql: Sql, action: AuditAction): Promise<void>;
}
