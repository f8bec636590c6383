import type { Request, RequestHandler } from 'express';
import type { EvidencePart } from '../../shared/wire/evidence.ts';
import type { BlobStore, StagedPiece } from '../blobs/blob-store.ts';
import { type DeviceKeyName, type FindDeviceKey } from './request-signature.ts';

/** A part whose signature, digest, size and hash were found good. It is dropped unless the route keeps it. */
export interface ReceivedPart {
  readonly part: EvidencePart;
  readonly blobId: string;
  readonly staged: StagedPiece;
}

export interface EvidenceUploadOptions {
  readonly findDeviceKey: FindDeviceKey;
  readonly blobs: BlobStore;
  /** Bytes of all uploads that may run at once; beyond it the answer is 503 `uploads-busy`. */
  readonly maxConcurrentBytes?: number;
}

/** The blob in which a piece of a device's evidence is kept. */
export const evidenceBlobId = (device: DeviceKeyName, evidenceId: string): string =>
  `${device.organizationId}/${device.deviceId}/${evidenceId}`;

/** For `POST /v1/evidence`: checks the signature, streams the part into the blob store, checks everything about it. */
export declare function evidenceUpload(options: EvidenceUploadOptions): RequestHandler[];
/** The part that `evidenceUpload` received with this request. */
export declare function receivedPartOf(request: Request): ReceivedPart;
