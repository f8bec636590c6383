import { Router } from 'express';
import { type AuditCheck, type AuditList, auditQuery } from '../../../shared/api/audit.ts';
import type { Sql } from '../../db/sql.ts';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import { queryOf } from '../../http/message.ts';
import type { AuditLog } from './audit-log.ts';
import { listNewestEntries } from './audit-store.ts';

const pageEntries = 100;

/** `/api/audit`: what people and the server did, and whether the log is whole. */
export function consoleRoutes({ sql, audit }: { sql: Sql; audit: AuditLog }): Router {
  const router = Router();
  router.get('/api/audit', requireRole('operator'), async (request, response) => {
    const { before, actor, action } = queryOf(request, auditQuery);
    const { organizationId } = signedInOf(request);
    const entries = await listNewestEntries(sql, organizationId, {
      before: before === undefined ? undefined : Number(before),
      actor,
      action,
      limit: pageEntries + 1,
    });
    const page = entries.slice(0, pageEntries);
    const last = entries.length > pageEntries ? page.at(-1) : undefined;
    const answer: AuditList = {
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
    response.json(answer);
  });
  router.post('/api/audit/verify', requireRole('operator'), async (request, response) => {
    const answer: AuditCheck = await audit.verify(sql, signedInOf(request).organizationId);
    response.json(answer);
  });
  return router;
}
