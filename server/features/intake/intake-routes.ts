import { type Request, Router } from 'express';
import { parseBooted } from '../../../shared/wire/booted.ts';
import { parseCheckIn } from '../../../shared/wire/check-in.ts';
import { parseOutcome } from '../../../shared/wire/outcome.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr } from '../../http/message.ts';
import { readSignature, signerOf } from '../../http/request-signature.ts';
import type { Intake } from './intake.ts';

/** What a machine says during and after a recovery run. */
export function deviceRoutes({ device, intake }: { device: DeviceRequests; intake: Intake }): Router {
  const router = Router();
  const digestOf = (request: Request) => readSignature(request).bodySha256;
  router.post('/v1/check-in', ...device.json(), async (request, response) => {
    const message = parsedOr(parseCheckIn(request.body));
    response.json(await intake.checkIn(signerOf(request), message, digestOf(request)));
  });
  router.post('/v1/outcome', ...device.json(), async (request, response) => {
    const message = parsedOr(parseOutcome(request.body));
    response.json(await intake.outcome(signerOf(request), message, digestOf(request)));
  });
  router.post('/v1/booted', ...device.json(), async (request, response) => {
    const message = parsedOr(parseBooted(request.body));
    response.json(await intake.booted(signerOf(request), message, digestOf(request)));
  });
  return router;
}
