import { Router } from 'express';
import { undoOrderEndpoints } from '../../../shared/api/undo-order.ts';
import { parseUndone } from '../../../shared/wire/undone.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr } from '../../http/message.ts';
import { signerOf } from '../../http/request-signature.ts';
import { serve } from '../../http/serve.ts';
import type { UndoOrders } from './undo-orders.ts';

/** A machine tells how an undo order ended. */
export function deviceRoutes({ device, undos }: { device: DeviceRequests; undos: UndoOrders }): Router {
  const router = Router();
  router.post('/v1/undone', ...device.json(), async (request, response) => {
    await undos.receive(signerOf(request), parsedOr(parseUndone(request.body)));
    response.json({ version: 1 });
  });
  return router;
}

/** People ask for a past attempt to be taken back. */
export function consoleRoutes({ undos }: { undos: UndoOrders }): Router {
  const router = Router();
  serve(router, undoOrderEndpoints.list, ({ person, params }) =>
    undos.list(person.organizationId, params.incidentId),
  );
  serve(router, undoOrderEndpoints.ofDevice, ({ person, params }) =>
    undos.listOfDevice(person.organizationId, params.deviceId),
  );
  serve(router, undoOrderEndpoints.ask, ({ person: { organizationId, actor }, params, body }) =>
    undos.ask(organizationId, params, { actor, reason: body.reason }),
  );
  serve(router, undoOrderEndpoints.withdraw, ({ person: { organizationId, actor }, params }) =>
    undos.withdraw(organizationId, params, actor),
  );
  return router;
}
