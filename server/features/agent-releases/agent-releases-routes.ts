import { Router } from 'express';
import { agentReleaseEndpoints } from '../../../shared/api/agent-release.ts';
import { parseAgentReleaseRequest } from '../../../shared/wire/agent-release.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr } from '../../http/message.ts';
import { signerOf } from '../../http/request-signature.ts';
import { serve } from '../../http/serve.ts';
import type { AgentReleases } from './agent-releases.ts';

/** What a healthy machine fetches. */
export function deviceRoutes({
  device,
  releases,
}: {
  device: DeviceRequests;
  releases: AgentReleases;
}): Router {
  const router = Router();
  router.post('/v1/agent-release', ...device.json(), async (request, response) => {
    response.json(await releases.read(signerOf(request), parsedOr(parseAgentReleaseRequest(request.body))));
  });
  return router;
}

/** Releases of the agent and who is offered them. */
export function consoleRoutes({ releases }: { releases: AgentReleases }): Router {
  const router = Router();
  serve(router, agentReleaseEndpoints.list, ({ person }) => releases.list(person.organizationId));
  serve(router, agentReleaseEndpoints.steer, ({ person: { organizationId, actor }, params, body }) =>
    releases.steer(organizationId, Number(params.number), actor, body),
  );
  return router;
}
