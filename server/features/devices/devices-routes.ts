import { Router } from 'express';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import { deviceQuery } from '../../../shared/api/device.ts';
import { parseEnrolRequest } from '../../../shared/wire/enrol.ts';
import { parseReadiness } from '../../../shared/wire/readiness.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr, queryOf } from '../../http/message.ts';
import { Refusal } from '../../http/refusal.ts';
import { signerOf } from '../../http/request-signature.ts';
import type { DeviceBook } from './device-book.ts';
import type { DeviceReadiness } from './device-readiness.ts';
import type { Devices } from './devices.ts';
import type { Enrolment } from './enrolment.ts';

/** What a machine that wants in sends. */
export function deviceRoutes({
  device,
  enrolment,
  readiness,
}: {
  device: DeviceRequests;
  enrolment: Enrolment;
  readiness: DeviceReadiness;
}): Router {
  const router = Router();
  router.post('/v1/enrol', ...device.selfSignedJson(publicKeyOf), async (request, response) => {
    const message = parsedOr(parseEnrolRequest(request.body));
    const { organizationId, deviceId, number } = signerOf(request);
    if (deviceId !== 'new' || number !== 1)
      throw new Refusal('signature-invalid', 'Enrolment is signed with key id <organization>/new/1.');
    response.json(await enrolment.enrol(organizationId, message));
  });
  router.post('/v1/readiness', ...device.json(), async (request, response) => {
    response.json(await readiness.receive(signerOf(request), parsedOr(parseReadiness(request.body))));
  });
  return router;
}

function publicKeyOf(body: unknown): string | undefined {
  const parsed = parseEnrolRequest(body);
  return parsed.ok ? parsed.value.publicKey : undefined;
}

/** `/api/devices`: the inventory, one machine, and what people decide about it. */
export function consoleRoutes({ book, devices }: { book: DeviceBook; devices: Devices }): Router {
  const router = Router();
  router.get('/api/devices', requireRole('viewer'), async (request, response) => {
    response.json(await book.list(signedInOf(request).organizationId, queryOf(request, deviceQuery)));
  });
  router.get('/api/devices/readiness', requireRole('viewer'), async (request, response) => {
    response.json(await book.readiness(signedInOf(request).organizationId));
  });
  router.get('/api/devices/:deviceId', requireRole('viewer'), async (request, response) => {
    const { deviceId } = request.params as { deviceId: string };
    response.json(await book.get(signedInOf(request).organizationId, deviceId));
  });
  router.post('/api/devices/:deviceId/accept', requireRole('operator'), async (request, response) => {
    const { deviceId } = request.params as { deviceId: string };
    const { organizationId, name } = signedInOf(request);
    await devices.accept(organizationId, deviceId, `account:${name}`);
    response.status(204).end();
  });
  router.post('/api/devices/:deviceId/retire', requireRole('operator'), async (request, response) => {
    const { deviceId } = request.params as { deviceId: string };
    const { organizationId, name } = signedInOf(request);
    await devices.retire(organizationId, deviceId, `account:${name}`);
    response.status(204).end();
  });
  return router;
}
