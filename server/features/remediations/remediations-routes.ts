import { type Request, Router } from 'express';
import { newApproval, newSimulation, newVersion, remediationId } from '../../../shared/api/remediation.ts';
import { parseWith } from '../../../shared/wire/primitives.ts';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import { bodyOf, parsedOr } from '../../http/message.ts';
import type { Approvals } from '../trust/approvals.ts';
import type { Authoring } from './authoring.ts';

const idOf = (request: Request) =>
  parsedOr(parseWith(remediationId, (request.params as { remediationId: string }).remediationId));

/** `/api/remediations`, `/api/simulations`, `/api/approvals`: what authors and approvers do at the console. */
export function consoleRoutes({
  authoring,
  approvals,
}: {
  readonly authoring: Authoring;
  readonly approvals: Pick<Approvals, 'add'>;
}): Router {
  const router = Router();

  router.get('/api/remediations', requireRole('viewer'), async (request, response) => {
    response.json(await authoring.list(signedInOf(request).organizationId));
  });

  router.get('/api/remediations/:remediationId', requireRole('viewer'), async (request, response) => {
    response.json(await authoring.get(signedInOf(request).organizationId, idOf(request)));
  });

  router.post(
    '/api/remediations/:remediationId/versions',
    requireRole('author'),
    async (request, response) => {
      const { text } = bodyOf(request, newVersion);
      response.status(201).json(await authoring.saveVersion(signedInOf(request), idOf(request), text));
    },
  );

  router.get('/api/lab-machines', requireRole('viewer'), async (_request, response) => {
    response.json(await authoring.listLabMachines());
  });

  router.post('/api/simulations', requireRole('author'), async (request, response) => {
    const asked = bodyOf(request, newSimulation);
    response.json(await authoring.simulate(signedInOf(request).organizationId, asked));
  });

  router.post('/api/approvals', requireRole('approver'), async (request, response) => {
    const { organizationId, name } = signedInOf(request);
    const { envelope } = bodyOf(request, newApproval);
    const { signers, threshold, complete } = await approvals.add(organizationId, envelope, `account:${name}`);
    response.status(201).json({ signers, threshold, complete });
  });

  return router;
}
