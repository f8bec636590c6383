import { Router } from 'express';
import { recoveryKeyEndpoints } from '../../../shared/api/recovery-key.ts';
import { parseKeyRequest } from '../../../shared/wire/key-request.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr } from '../../http/message.ts';
import { Refusal } from '../../http/refusal.ts';
import { signerOf } from '../../http/request-signature.ts';
import { serve } from '../../http/serve.ts';
import type { KeyRelease } from './key-release.ts';
import type { RecoveryKeys } from './recovery-keys.ts';

/** What a machine whose volume is locked sends. */
export function deviceRoutes({ device, release }: { device: DeviceRequests; release: KeyRelease }): Router {
  const router = Router();
  router.post('/v1/key-request', ...device.selfSignedJson(requestKeyOf), async (request, response) => {
    const message = parsedOr(parseKeyRequest(request.body));
    const { organizationId, deviceId, number } = signerOf(request);
    if (deviceId !== 'locked' || number !== 1)
      throw new Refusal('signature-invalid', 'A key request is signed with key id <organization>/locked/1.');
    response.set('cache-control', 'no-store').json(await release.ask(organizationId, message));
  });
  return router;
}

function requestKeyOf(body: unknown): string | undefined {
  const parsed = parseKeyRequest(body);
  return parsed.ok ? parsed.value.requestKey : undefined;
}

/** What is kept, who asks, and what people decide. */
export function consoleRoutes({ keys, release }: { keys: RecoveryKeys; release: KeyRelease }): Router {
  const router = Router();
  serve(router, recoveryKeyEndpoints.list, ({ person, query }) =>
    keys.list(person.organizationId, query.deviceId),
  );
  serve(router, recoveryKeyEndpoints.keep, ({ person: { organizationId, actor }, body }) =>
    keys.keep(organizationId, body.keys, actor),
  );
  serve(router, recoveryKeyEndpoints.requests, ({ person }) => release.list(person.organizationId));
  serve(router, recoveryKeyEndpoints.release, ({ person: { organizationId, actor, name }, params, body }) => {
    if (actor !== `account:${name}`)
      throw new Refusal('not-for-tokens', 'A recovery key is released by a person who signed in.');
    return release.release(organizationId, params.requestId, name, body);
  });
  serve(router, recoveryKeyEndpoints.refuse, ({ person: { organizationId, actor }, params, body }) =>
    release.refuse(organizationId, params.requestId, actor, body),
  );
  return router;
}
