import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { incidentEndpoints, namesQuery } from '../../../shared/api/incident.ts';
import { signedInOf } from '../../http/console-session.ts';
import type { DeviceRequests } from '../../http/device-requests.ts';
import { receivedPartOf } from '../../http/evidence-upload.ts';
import { queryOf } from '../../http/message.ts';
import { signerOf } from '../../http/request-signature.ts';
import { serveStream } from '../../http/serve.ts';
import type { EvidenceDownload } from './evidence-download.ts';
import type { EvidenceIntake } from './evidence-intake.ts';

/** What a machine uploads. */
export function deviceRoutes({
  device,
  evidence,
}: {
  device: DeviceRequests;
  evidence: EvidenceIntake;
}): Router {
  const router = Router();
  router.post('/v1/evidence', ...device.evidencePart(), async (request, response) => {
    const { misplaced, ...answer } = await evidence.takePart(signerOf(request), receivedPartOf(request));
    if (!misplaced) {
      response.json(answer);
      return;
    }
    // Refusal and answer in one: the device reads where to go on.
    const message = `The next part starts at byte ${answer.receivedBytes}.`;
    response
      .status(409)
      .json({ ...answer, error: { code: 'offset-mismatch', message, path: 'offsetBytes' } });
  });
  return router;
}

/** The bytes as the device sent them, or without names of people and machines. */
export function consoleRoutes({ download }: { download: EvidenceDownload }): Router {
  const router = Router();
  serveStream(router, incidentEndpoints.evidence, async (request, response) => {
    const { incidentId, evidenceId } = request.params as { incidentId: string; evidenceId: string };
    const { names = 'shown' } = queryOf(request, namesQuery);
    const file = await download.open(signedInOf(request), incidentId, evidenceId, names);
    response.set({
      'content-type': 'application/octet-stream',
      'content-length': String(file.sizeBytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
    });
    await pipeline(file.chunks, response);
  });
  return router;
}
