import type { RequestHandler } from 'express';
import type { BlobStore } from '../blobs/blob-store.ts';
import { evidenceUpload } from './evidence-upload.ts';
import type { FindDeviceKey } from './request-signature.ts';
import { selfSignedJson, signedJson } from './signed-json.ts';

/** What stands before the routes of devices: nothing of a request is believed until its signature is good. */
export interface DeviceRequests {
  /** A signed JSON message; its body is in `request.body`, its sender is `signerOf(request)`. */
  json(limitBytes?: number): RequestHandler[];
  /** A JSON message signed with a key that it carries itself. */
  selfSignedJson(publicKeyOf: (body: unknown) => string | undefined): RequestHandler[];
  /** A signed part of evidence; then `receivedPartOf(request)`. */
  evidencePart(): RequestHandler[];
}

export function deviceRequests(options: {
  readonly findDeviceKey: FindDeviceKey;
  readonly blobs: BlobStore;
  readonly maxConcurrentUploadBytes?: number;
}): DeviceRequests {
  const { findDeviceKey, blobs, maxConcurrentUploadBytes = 256 * 1024 * 1024 } = options;
  const upload = evidenceUpload({ findDeviceKey, blobs, maxConcurrentBytes: maxConcurrentUploadBytes });
  return {
    json: limitBytes => signedJson(findDeviceKey, limitBytes),
    selfSignedJson: publicKeyOf => selfSignedJson(publicKeyOf),
    evidencePart: () => upload,
  };
}
