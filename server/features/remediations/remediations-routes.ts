import { Router } from 'express';
import { remediationEndpoints, remediationId } from '../../../shared/api/remediation.ts';
import { parseWith } from '../../../shared/wire/primitives.ts';
import { parsedOr } from '../../http/message.ts';
import { serve } from '../../http/serve.ts';
import type { Approvals } from '../trust/approvals.ts';
import type { Authoring } from './authoring.ts';

const idOf = (params: { readonly remediationId: string }) =>
  parsedOr(parseWith(remediationId, params.remediationId));

/** What authors and approvers do at the console. */
export function consoleRoutes({
  authoring,
  approvals,
}: {
  readonly authoring: Authoring;
  readonly approvals: Pick<Approvals, 'add'>;
}): Router {
  const router = Router();
  serve(router, remediationEndpoints.list, ({ person }) => authoring.list(person.organizationId));
  serve(router, remediationEndpoints.get, ({ person, params }) =>
    authoring.get(person.organizationId, idOf(params)),
  );
  serve(router, remediationEndpoints.reach, ({ person, params, query }) =>
    authoring.reach(person.organizationId, idOf(params), Number(params.version), query.incidentId),
  );
  serve(router, remediationEndpoints.saveVersion, ({ person, params, body }) =>
    authoring.saveVersion(person, idOf(params), body.text),
  );
  serve(router, remediationEndpoints.labMachines, () => authoring.listLabMachines());
  serve(router, remediationEndpoints.simulate, ({ person, body }) =>
    authoring.simulate(person.organizationId, body),
  );
  serve(router, remediationEndpoints.approve, async ({ person: { organizationId, actor }, body }) => {
    const { signers, threshold, complete } = await approvals.add(organizationId, body.envelope, actor);
    return { signers: [...signers], threshold, complete };
  });
  return router;
}
