import * as z from 'zod/mini';

/** One thing that a person or the server did. */
export const auditRow = z.object({
  number: z.int(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  /** SHA-256 over the entry and the hash of the one before, in hex. */
  hash: z.string(),
});
export type AuditRow = z.infer<typeof auditRow>;

/** `GET /api/audit?before=…&actor=…&action=…`: newest first; `next` continues. */
export const auditQuery = z.object({
  before: z.optional(z.string().check(z.regex(/^\d{1,15}$/))),
  actor: z.optional(z.string().check(z.maxLength(100))),
  action: z.optional(z.string().check(z.maxLength(100))),
});
export type AuditQuery = z.infer<typeof auditQuery>;
export const auditList = z.object({ entries: z.array(auditRow), next: z.optional(z.int()) });
export type AuditList = z.infer<typeof auditList>;

/** `POST /api/audit/verify`: whether every entry is as it was written; `problem` names the first that is not. */
export const auditCheck = z.object({
  entries: z.optional(z.int()),
  problem: z.optional(z.object({ code: z.string(), number: z.int() })),
});
export type AuditCheck = z.infer<typeof auditCheck>;
