import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

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

/** What the log is narrowed to. */
export const auditQuery = z.object({
  before: z.optional(z.string().check(z.regex(/^\d{1,15}$/))),
  actor: z.optional(z.string().check(z.maxLength(100))),
  action: z.optional(z.string().check(z.maxLength(100))),
});
export type AuditQuery = z.infer<typeof auditQuery>;
export const auditList = z.object({ entries: z.array(auditRow), next: z.optional(z.int()) });
export type AuditList = z.infer<typeof auditList>;

/** Whether every entry is as it was written; `problem` names the first that is not. */
export const auditCheck = z.object({
  entries: z.optional(z.int()),
  problem: z.optional(z.object({ code: z.string(), number: z.int() })),
});
export type AuditCheck = z.infer<typeof auditCheck>;

export const auditEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/audit',
    role: 'operator',
    summary: 'What people and the server did, newest first; `before` is the `next` of an earlier page.',
    query: auditQuery,
    status: 200,
    answer: auditList,
  }),
  verify: endpoint({
    method: 'POST',
    path: '/api/audit/verify',
    role: 'operator',
    summary: 'Whether every entry of the log is as it was written.',
    status: 200,
    answer: auditCheck,
  }),
};
