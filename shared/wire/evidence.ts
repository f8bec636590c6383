import * as z from 'zod/mini';
import { line, parseWith, random128, runMs, sha256Hex, wireVersion } from './primitives.ts';

/**
 * What a piece of evidence is. A `crash-extract` is made on the device from a dump and is at most 300 kB; a
 * `registry-extract` is JSON with the settings that matter for a start, never a hive; an `event-log` holds the newest
 * chunks of System.evtx. Logs are sent as their newest part, as whole lines.
 */
export const evidenceKinds = [
  'crash-extract',
  'boot-log',
  'startup-repair-log',
  'boot-status',
  'pending-renames-log',
  'pending-transaction',
  'servicing-log',
  'device-install-log',
  'event-log',
  'registry-extract',
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** Uploads come in parts of at most this size. */
export const maxPartBytes = 8 * 1024 * 1024;
/** The largest piece of evidence a server takes. */
export const maxEvidenceBytes = 64 * 1024 * 1024;

/**
 * A piece of evidence that the device holds and would send when asked. `evidenceId` is drawn from the random name of
 * the episode and from the piece itself, so that a device that starts again offers the same bytes under the same name.
 */
export const evidenceOffer = z.object({
  evidenceId: random128,
  kind: z.enum(evidenceKinds),
  name: line,
  sizeBytes: z.int().check(z.positive(), z.maximum(maxEvidenceBytes)),
  sha256: sha256Hex,
});
export type EvidenceOffer = z.infer<typeof evidenceOffer>;

/**
 * The first part of `POST /v1/evidence` (multipart): field `part` with this JSON, then field `bytes` with the bytes,
 * as they are or, with `encoding`, deflated (RFC 1951, without a frame). Offset, size and hash are those of the plain
 * bytes. Repeating a part is harmless; a part that starts where the server stands is appended.
 */
export const evidencePart = z.object({
  version: wireVersion,
  episode: random128,
  evidenceId: random128,
  offsetBytes: z.int().check(z.nonnegative(), z.maximum(maxEvidenceBytes)),
  sizeBytes: z.int().check(z.positive(), z.maximum(maxPartBytes)),
  sha256: sha256Hex,
  encoding: z.optional(z.literal('deflate')),
  atMs: runMs,
});
export type EvidencePart = z.infer<typeof evidencePart>;

/** How far the server is: the next part starts at `receivedBytes`; `complete` once size and hash agree. */
export const evidenceAnswer = z.object({
  version: wireVersion,
  receivedBytes: z.int().check(z.nonnegative()),
  complete: z.boolean(),
});
export type EvidenceAnswer = z.infer<typeof evidenceAnswer>;

export const parseEvidencePart = (input: unknown) => parseWith(evidencePart, input);
export const parseEvidenceAnswer = (input: unknown) => parseWith(evidenceAnswer, input);

export const evidencePartExample: EvidencePart = {
  version: 1,
  episode: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  evidenceId: 'aaaabbbbccccddddeeeeffff00001111',
  offsetBytes: 0,
  sizeBytes: 113_664,
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  atMs: 2400,
};
