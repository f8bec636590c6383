import { Router } from 'express';
import { deviceEndpoints } from '../../../shared/api/device.ts';
import { parseEnrolRequest } from '../../../shared/wire/enrol.ts';
import { parseReadiness } from '../../../shared/wire/readiness.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr } from '../../http/message.ts';
import { Refusal } from '../../http/refusal.ts';
import { signerOf } from '../../http/request-signature.ts';
import { serve } from '../../http/serve.ts';
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

/** The inventory, one machine, and what people decide about it. */
export function consoleRoutes({ book, devices }: { book: DeviceBook; devices: Devices }): Router {
  const router = Router();
  serve(router, deviceEndpoints.list, ({ person, query }) => book.list(person.organizationId, query));
  serve(router, deviceEndpoints.readiness, ({ person }) => book.readiness(person.organizationId));
  serve(router, deviceEndpoints.get, ({ person, params }) =>
    book.get(person.organizationId, params.deviceId),
  );
  serve(router, deviceEndpoints.accept, ({ person: { organizationId, actor }, params }) =>
    devices.accept(organizationId, params.deviceId, actor),
  );
  serve(router, deviceEndpoints.retire, ({ person: { organizationId, actor }, params }) =>
    devices.retire(organizationId, params.deviceId, actor),
  );
  return router;
}
