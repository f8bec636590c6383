import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { Router } from 'express';
import { FileBlobStore } from '../../server/blobs/file-blob-store.ts';
import { createDeviceApp } from '../../server/http/device-app.ts';
import { deviceRequests } from '../../server/http/device-requests.ts';
import { receivedPartOf } from '../../server/http/evidence-upload.ts';
import { healthRoutes } from '../../server/http/health-routes.ts';
import { openListener } from '../../server/http/listener.ts';
import { signerOf } from '../../server/http/request-signature.ts';
import { testKey } from './approvers.ts';
import { silentLog } from './silent-log.ts';

export const deviceKey = testKey('device', 21);
export const strangerKey = testKey('stranger', 22);
export const knownKeyId = 'default/device-1/1';

/** A device listener whose routes say what they got, over a blob store of its own. */
export async function openDeviceListener(options: { readonly maxConcurrentUploadBytes?: number } = {}) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'bootmend-devices-'));
  const blobs = new FileBlobStore(dir, Buffer.alloc(32, 7));
  const device = deviceRequests({
    blobs,
    findDeviceKey: async ({ organizationId, deviceId, number }) =>
      `${organizationId}/${deviceId}/${number}` === knownKeyId
        ? Buffer.from(deviceKey.publicKey, 'hex')
        : undefined,
    ...options,
  });
  const router = Router();
  router.post('/v1/echo', ...device.json(1000), (request, response) => {
    response.json({ device: signerOf(request).deviceId, body: request.body as unknown });
  });
  router.post('/v1/enrol', ...device.selfSignedJson(publicKeyOf), (request, response) => {
    response.json({ key: signerOf(request).deviceId });
  });
  router.post('/v1/evidence', ...device.evidencePart(), async (request, response) => {
    const { staged, part } = receivedPartOf(request);
    if (request.get('x-keep') !== 'no') await staged.keep();
    response.json({ sizeBytes: staged.sizeBytes, evidenceId: part.evidenceId });
  });
  const app = createDeviceApp({ routes: [router], health: healthRoutes('0.0.0', {}), log: silentLog });
  const limits = { maxConnections: 100, requestTimeoutMs: 30_000 };
  const listener = await openListener({ app, address: '127.0.0.1', port: 0, ...limits });
  after(async () => {
    await listener.stop(0);
    rmSync(dir, { recursive: true, force: true });
  });
  /** Everything the store holds, staged or kept. */
  const storedFiles = () =>
    readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).length;
  return { url: listener.url, port: listener.port, blobs, storedFiles };
}

const publicKeyOf = (body: unknown) => {
  const key = (body as { publicKey?: unknown } | null)?.publicKey;
  return typeof key === 'string' ? key : undefined;
};
