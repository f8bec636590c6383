import { createHash } from 'node:crypto';
import { callbackify } from 'node:util';
import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { type EvidencePart, maxPartBytes, parseEvidencePart } from '../../shared/wire/evidence.ts';
import { BlobTooLarge } from '../blobs/blob-errors.ts';
import type { BlobStore, StagedPiece } from '../blobs/blob-store.ts';
import { inflatedStream } from './inflated-stream.ts';
import { parsedOr } from './message.ts';
import { Refusal } from './refusal.ts';
import {
  type DeviceKeyName,
  type FindDeviceKey,
  requireDigest,
  requireSignature,
  signerOf,
} from './request-signature.ts';
import { UploadBudget } from './upload-budget.ts';

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
  readonly maxConcurrentBytes: number;
}

/** The blob in which a piece of a device's evidence is kept. */
export const evidenceBlobId = (device: DeviceKeyName, evidenceId: string): string =>
  `${device.organizationId}/${device.deviceId}/${evidenceId}`;

/** What multipart adds around the bytes: boundaries, headers, and the field that describes the part. */
const wrappingBytes = 16 * 1024;
const maxUploadBytes = maxPartBytes + wrappingBytes;

const received = new WeakMap<Request, ReceivedPart>();

/** The part that `evidenceUpload` received with this request. */
export function receivedPartOf(request: Request): ReceivedPart {
  const found = received.get(request);
  if (!found) throw new Error(`${request.path} was routed without receiving a part`);
  return found;
}

/**
 * For `POST /v1/evidence`: checks the signature over the headers first, then streams the part, inflated where it was
 * deflated, into the blob store, and never more of it than the size it was described with; then checks that the body was the one that was signed and the part the one that was described. What fails or is cut
 * off leaves nothing.
 */
export function evidenceUpload({
  findDeviceKey,
  blobs,
  maxConcurrentBytes,
}: EvidenceUploadOptions): RequestHandler[] {
  const budget = new UploadBudget(maxConcurrentBytes);
  const storage = new PieceStorage(blobs, budget);
  const receive = multer({ storage, limits }).single('bytes');

  const readPart: RequestHandler = async (request, response, next) => {
    const giveBack = budget.take(promisedSizeOf(request));
    response.once('close', () => {
      giveBack();
      received
        .get(request)
        ?.staged.discard()
        .catch(() => {});
    });
    const receiving = new Promise<void>((resolve, reject) => {
      receive(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(refusalOf(error)),
      );
    });
    let digest: Uint8Array;
    try {
      [digest] = await Promise.all([digestOf(request), receiving]);
    } finally {
      await storage.settled(request);
    }
    const upload = received.get(request);
    if (!upload) throw new Refusal('malformed-upload', 'There is no file in the field `bytes`.');
    try {
      requireDigest(request, digest);
      requirePart(upload);
    } catch (error) {
      await upload.staged.discard();
      throw error;
    }
    next();
  };
  return [requireSignature(findDeviceKey), readPart];
}

const limits = {
  fields: 1,
  fieldNameSize: 16,
  fieldSize: 4096,
  fieldNestingDepth: 0,
  fieldArrayIndexLimit: 0,
  files: 1,
  parts: 2,
  fileSize: maxPartBytes,
  headerPairs: 16,
};

/** Streams the file of an upload into the blob store. The field that describes it has arrived by then. */
class PieceStorage implements multer.StorageEngine {
  readonly #blobs: BlobStore;
  readonly #budget: UploadBudget;
  readonly #receiving = new WeakMap<Request, Promise<void>>();

  constructor(blobs: BlobStore, budget: UploadBudget) {
    this.#blobs = blobs;
    this.#budget = budget;
  }

  /** Waits until nothing of an upload is being written any more; multer gives up earlier when one is cut off. */
  async settled(request: Request): Promise<void> {
    await this.#receiving.get(request)?.catch(() => {});
  }

  _handleFile(
    request: Request,
    file: Express.Multer.File,
    done: (error?: unknown, info?: Partial<Express.Multer.File>) => void,
  ): void {
    const receiving = this.#receive(request, file);
    this.#receiving.set(request, receiving);
    callbackify(() => receiving)(error => done(error, {}));
  }

  async #receive(request: Request, file: Express.Multer.File): Promise<void> {
    let giveBack: (() => void) | undefined;
    let plain = file.stream;
    try {
      const part = describedPart(request.body);
      const blobId = evidenceBlobId(signerOf(request), part.evidenceId);
      const place = { blobId, offsetBytes: part.offsetBytes };
      if (part.encoding === 'deflate') {
        // A share was taken for what arrives; what it inflates to takes room as well.
        giveBack = this.#budget.take(Math.max(0, part.sizeBytes - promisedSizeOf(request)));
        plain = inflatedStream(file.stream);
      }
      const staged = await this.#blobs.stage(place, plain, part.sizeBytes);
      if (request.destroyed && !request.complete) await staged.discard();
      else received.set(request, { part, blobId, staged });
    } finally {
      giveBack?.();
      if (plain !== file.stream) plain.destroy();
      // what is left of a refused file still has to be read, or the request never ends
      file.stream.resume();
    }
  }

  _removeFile(request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    const upload = received.get(request);
    received.delete(request);
    callbackify(async () => await upload?.staged.discard())(error => done(error));
  }
}

function describedPart(body: unknown): EvidencePart {
  const text = (body as Record<string, unknown> | undefined)?.part;
  if (typeof text !== 'string')
    throw new Refusal('malformed-upload', 'The field `part` must come first and describe the bytes as JSON.');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal('malformed-upload', 'The field `part` is not JSON.');
  }
  return parsedOr(parseEvidencePart(json));
}

/** The SHA-256 of the whole body as it arrives, ready when its last byte was read. */
function digestOf(request: Request): Promise<Uint8Array> {
  const hash = createHash('sha256');
  request.on('data', (chunk: Buffer) => hash.update(chunk));
  return new Promise((resolve, reject) => {
    request.once('end', () => resolve(hash.digest()));
    request.once('close', () => reject(new Refusal('malformed-upload', 'The upload was cut off.')));
  });
}

function promisedSizeOf(request: Request): number {
  if (!/^multipart\/form-data\s*;/i.test(request.get('content-type') ?? ''))
    throw new Refusal('unsupported-media-type', 'Evidence is sent as multipart/form-data.');
  const length = Number(request.get('content-length') ?? Number.NaN);
  if (!Number.isSafeInteger(length))
    throw new Refusal('length-required', 'The request must say its Content-Length.');
  if (length > maxUploadBytes)
    throw new Refusal(
      'part-too-large',
      `A part holds at most ${maxPartBytes} bytes; send the rest as parts of its own.`,
    );
  return length;
}

function requirePart({ part, staged }: ReceivedPart): void {
  if (staged.sizeBytes !== part.sizeBytes)
    throw new Refusal(
      'malformed-upload',
      `The part holds ${staged.sizeBytes} bytes; ${part.sizeBytes} were described.`,
      {
        path: 'sizeBytes',
      },
    );
  if (Buffer.from(staged.sha256).toString('hex') !== part.sha256)
    throw new Refusal('digest-mismatch', 'The bytes do not have the SHA-256 that was described.', {
      path: 'sha256',
    });
}

function refusalOf(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (
    error instanceof BlobTooLarge ||
    (error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE')
  )
    return new Refusal(
      'part-too-large',
      'The part holds more bytes than were described or than a part may hold.',
      {
        cause: error,
      },
    );
  if (error instanceof multer.MulterError)
    return new Refusal('malformed-upload', `${error.message}; fields \`part\` and \`bytes\` are accepted.`, {
      cause: error,
    });
  // busboy has no class of its own for what it cannot read
  if (
    error instanceof Error &&
    /^(Multipart:|Malformed |Unexpected end|Request (aborted|closed))/.test(error.message)
  )
    return new Refusal('malformed-upload', `The upload cannot be read: ${error.message}.`, { cause: error });
  return error;
}
