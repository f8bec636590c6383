import { Router } from 'express';
import { pipeline } from 'node:stream/promises';
import { allowedProgramEndpoints } from '../../../shared/api/allowed-program.ts';
import { deviceEndpoints } from '../../../shared/api/device.ts';
import { enrolmentEndpoints } from '../../../shared/api/enrolment.ts';
import { parseEnrolRequest } from '../../../shared/wire/enrol.ts';
import { parseReadiness } from '../../../shared/wire/readiness.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { parsedOr } from '../../http/message.ts';
import { Refusal } from '../../http/refusal.ts';
import { signerOf } from '../../http/request-signature.ts';
import { serve, serveStream } from '../../http/serve.ts';
import type { AgentFile } from './agent-file.ts';
import type { AllowedPrograms } from './allowed-programs.ts';
import type { DeviceBook } from './device-book.ts';
import type { DeviceReadiness } from './device-readiness.ts';
import type { Devices } from './devices.ts';
import type { Enrolment } from './enrolment.ts';
import type { EnrolmentBundles } from './enrolment-bundles.ts';

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

interface ConsoleParts {
  readonly book: DeviceBook;
  readonly devices: Devices;
  readonly bundles: EnrolmentBundles;
  readonly programs: AllowedPrograms;
  readonly agent: AgentFile;
  readonly devicePort: number;
}

/** The inventory, one machine, what people decide about it, and how machines get in. */
export function consoleRoutes({ book, devices, bundles, programs, agent, devicePort }: ConsoleParts): Router {
  const router = Router();
  serve(router, deviceEndpoints.list, ({ person, query }) => book.list(person.organizationId, query));
  serve(router, deviceEndpoints.readiness, ({ person }) => book.readiness(person.organizationId));
  serve(router, deviceEndpoints.healthyTwins, ({ person, params }) =>
    book.healthyTwins(person.organizationId, params.incidentId),
  );
  serve(router, deviceEndpoints.get, ({ person, params }) =>
    book.get(person.organizationId, params.deviceId),
  );
  serve(router, enrolmentEndpoints.read, async ({ person }) => {
    const built = await agent.find();
    return {
      canEnrol: await bundles.canEnrol(person.organizationId),
      devicePort,
      ...(built && { agent: built }),
    };
  });
  serve(router, allowedProgramEndpoints.list, ({ person }) => programs.view(person.organizationId));
  serve(router, allowedProgramEndpoints.add, ({ person, body }) => programs.add(person, body));
  serve(router, allowedProgramEndpoints.remove, ({ person, params }) =>
    programs.remove(person, params.programId),
  );
  serve(router, enrolmentEndpoints.makeBundle, ({ person, body }) => bundles.create(person, body));
  serveStream(router, enrolmentEndpoints.agent, async (_request, response) => {
    const built = await agent.find();
    if (!built)
      throw new Refusal(
        'not-found',
        'The agent is not built here: npm run build:agent on the server makes it.',
      );
    response.set({
      'content-type': 'application/vnd.microsoft.portable-executable',
      'content-length': String(built.sizeBytes),
      'content-disposition': 'attachment; filename="bootmend.exe"',
    });
    await pipeline(agent.open(), response);
  });
  serve(router, deviceEndpoints.accept, ({ person: { organizationId, actor }, params }) =>
    devices.accept(organizationId, params.deviceId, actor),
  );
  serve(router, deviceEndpoints.retire, ({ person: { organizationId, actor }, params }) =>
    devices.retire(organizationId, params.deviceId, actor),
  );
  return router;
}
