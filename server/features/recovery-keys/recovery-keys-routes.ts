import { Router } from 'express';
import {
  keepRecoveryKeys,
  recoveryKeyQuery,
  refuseRecoveryKey,
  releaseRecoveryKey,
} from '../../../shared/api/recovery-key.ts';
import { parseKeyRequest } from '../../../shared/wire/key-request.ts';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { bodyOf, parsedOr, queryOf } from '../../http/message.ts';
import { Refusal } from '../../http/refusal.ts';
import { signerOf } from '../../http/request-signature.ts';
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

/** `/api/recovery-keys`: what is kept, who asks, and what people decide. */
export function consoleRoutes({ keys, release }: { keys: RecoveryKeys; release: KeyRelease }): Router {
  const router = Router();
  router.get('/api/recovery-keys', requireRole('operator'), async (request, response) => {
    const { deviceId } = queryOf(request, recoveryKeyQuery);
    response.json(await keys.list(signedInOf(request).organizationId, deviceId));
  });
  router.post('/api/recovery-keys', requireRole('admin'), async (request, response) => {
    const { organizationId, name } = signedInOf(request);
    const { keys: brought } = bodyOf(request, keepRecoveryKeys);
    response.json(await keys.keep(organizationId, brought, `account:${name}`));
  });
  router.get('/api/recovery-keys/requests', requireRole('operator'), async (request, response) => {
    response.json(await release.list(signedInOf(request).organizationId));
  });
  router.post(
    '/api/recovery-keys/requests/:requestId/release',
    requireRole('operator'),
    async (request, response) => {
      const { requestId } = request.params as { requestId: string };
      const { organizationId, name } = signedInOf(request);
      await release.release(organizationId, requestId, name, bodyOf(request, releaseRecoveryKey));
      response.status(204).end();
    },
  );
  router.post(
    '/api/recovery-keys/requests/:requestId/refuse',
    requireRole('operator'),
    async (request, response) => {
      const { requestId } = request.params as { requestId: string };
      const { organizationId, name } = signedInOf(request);
      await release.refuse(organizationId, requestId, name, bodyOf(request, refuseRecoveryKey));
      response.status(204).end();
    },
  );
  return router;
}
