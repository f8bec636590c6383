import { Router } from 'express';
import { auditEndpoints } from '../../../shared/api/audit.ts';
import type { Sql } from '../../db/sql.ts';
import { serve } from '../../http/serve.ts';
import type { AuditLog } from './audit-log.ts';
import { listNewestEntries } from './audit-store.ts';

const pageEntries = 100;

/** What people and the server did, and whether the log is whole. */
export function consoleRoutes({ sql, audit }: { sql: Sql; audit: AuditLog }): Router {
  const router = Router();
  serve(router, auditEndpoints.list, async ({ person, query: { before, actor, action } }) => {
    const entries = await listNewestEntries(sql, person.organizationId, {
      before: before === undefined ? undefined : Number(before),
      actor,
      action,
      limit: pageEntries + 1,
    });
    const page = entries.slice(0, pageEntries);
    const last = entries.length > pageEntries ? page.at(-1) : undefined;
    return {
      entries: page.map(({ number, at, hash, actor, action, subject, detail }) => ({
        number,
        at: at.toISOString(),
        actor,
        action,
        subject,
        detail: { ...detail },
        hash: Buffer.from(hash).toString('hex'),
      })),
      ...(last && { next: last.number }),
    };
  });
  serve(router, auditEndpoints.verify, ({ person }) => audit.verify(sql, person.organizationId));
  return router;
}
