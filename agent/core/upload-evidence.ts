import { hexOf } from '../../shared/bytes/hex.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { WantedPiece } from '../../shared/wire/answer.ts';
import { type EvidenceOffer, type EvidencePart, parseEvidenceAnswer } from '../../shared/wire/evidence.ts';
import type { Host } from '../host/host.ts';
import type { EvidencePiece } from './collect/collected.ts';
import { packEvidencePart } from './multipart.ts';
import { postMessage, type ServerSettings } from './server-client.ts';
import type { Session } from './session.ts';

/** A piece of evidence under the name it is offered by. */
export interface OfferedPiece {
  readonly offer: EvidenceOffer;
  readonly bytes: Uint8Array;
}

/** Little enough that a connection that is lost now and then, or is slow, gets one through in its time. */
export const partBytes = 256 * 1024;
/** Deflated bytes are sent when they are at most this share of the plain ones; else the server is spared the work. */
const worthDeflating = 0.9;
const maxPauses = 5;
const pauseMs = 5000;

/** Names what the device holds: the same bytes in the same episode by the same name, in every run. */
export function offerEvidence(host: Host, episode: string, pieces: readonly EvidencePiece[]): OfferedPiece[] {
  return pieces.map(({ kind, name, bytes }) => {
    const sha256 = hexOf(host.sha256(bytes));
    const evidenceId = hexOf(host.sha256(utf8Of([episode, kind, name, sha256].join('\n')))).slice(0, 32);
    return { offer: { evidenceId, kind, name, sizeBytes: bytes.length, sha256 }, bytes };
  });
}

/**
 * Sends the pieces that were asked for, in parts, each from where the server stands. A piece that cannot be sent is
 * left out: evidence helps people, it never holds up a repair. False when a person pressed a key.
 */
export async function uploadEvidence(
  session: Session,
  settings: ServerSettings,
  episode: string,
  offered: readonly OfferedPiece[],
  wanted: readonly WantedPiece[],
): Promise<boolean> {
  for (const piece of offered) {
    const asked = wanted.find(({ evidenceId }) => evidenceId === piece.offer.evidenceId);
    if (!asked) continue;
    const { name, sizeBytes } = piece.offer;
    const { end, sentBytes } = await uploadPiece(session, settings, episode, piece, asked.fromBytes);
    if (end === 'key') return false;
    const message = end === 'complete' ? `${name} was sent.` : `${name} could not be sent.`;
    const details = { sizeBytes, fromBytes: asked.fromBytes, sentBytes };
    session.log(end === 'complete' ? 'info' : 'warn', `evidence-${end}`, message, details);
  }
  return true;
}

async function uploadPiece(
  session: Session,
  settings: ServerSettings,
  episode: string,
  { offer: { evidenceId }, bytes }: OfferedPiece,
  fromBytes: number,
): Promise<{ readonly end: 'complete' | 'not-sent' | 'key'; readonly sentBytes: number }> {
  const { host } = session;
  let offsetBytes = Math.min(fromBytes, bytes.length - 1);
  let sentBytes = 0;
  for (let pauses = 0; pauses < maxPauses;) {
    const plain = bytes.subarray(offsetBytes, offsetBytes + partBytes);
    const frame = { version: 1, episode, evidenceId, offsetBytes, atMs: session.atMs() } as const;
    const { part, sent } = packPart(host, frame, plain);
    const { contentType, body } = packEvidencePart(part, sent, `bootmend-${session.random128()}`);
    sentBytes += body.length;
    const message = { path: '/v1/evidence', contentType, body, endsAtKey: true };
    const posted = await postMessage(host, settings, message, parseEvidenceAnswer);
    if (posted.kind === 'refused') return { end: 'not-sent', sentBytes };
    if (posted.kind === 'answered') {
      const { complete, receivedBytes } = posted.message;
      if (complete) return { end: 'complete', sentBytes };
      const moved = receivedBytes !== offsetBytes && receivedBytes < bytes.length;
      if (!moved) return { end: 'not-sent', sentBytes };
      // A server that lost what it had asks for an earlier part; that counts, so that it cannot go on for ever.
      if (receivedBytes < offsetBytes) pauses++;
      offsetBytes = receivedBytes;
      continue;
    }
    pauses++;
    const ms = posted.kind === 'busy' ? posted.retryAfterSeconds * 1000 : pauseMs * pauses;
    if ((await host.clock.wait(ms + session.randomBelow(1000))) === 'key') return { end: 'key', sentBytes };
  }
  return { end: 'not-sent', sentBytes };
}

/** Describes a part, and deflates its bytes where that makes them enough fewer. */
export function packPart(
  host: Host,
  frame: Omit<EvidencePart, 'sizeBytes' | 'sha256' | 'encoding'>,
  plain: Uint8Array,
): { readonly part: EvidencePart; readonly sent: Uint8Array } {
  const part = { ...frame, sizeBytes: plain.length, sha256: hexOf(host.sha256(plain)) };
  const deflated = host.deflate(plain);
  return deflated.length <= plain.length * worthDeflating
    ? { part: { ...part, encoding: 'deflate' }, sent: deflated }
    : { part, sent: plain };
}
