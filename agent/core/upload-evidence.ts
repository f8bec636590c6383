import { hexOf } from '../../shared/bytes/hex.ts';
import { type EvidenceOffer, maxPartBytes, parseEvidenceAnswer } from '../../shared/wire/evidence.ts';
import type { EvidencePiece } from './collect/collected.ts';
import { packEvidencePart } from './multipart.ts';
import { postMessage, type ServerSettings } from './server-client.ts';
import type { Session } from './session.ts';

/** A piece of evidence under the random name it is offered by. */
export interface OfferedPiece {
  readonly offer: EvidenceOffer;
  readonly bytes: Uint8Array;
}

const maxPauses = 5;
const pauseMs = 5000;

/** Names what the device holds. */
export function offerEvidence(session: Session, pieces: readonly EvidencePiece[]): OfferedPiece[] {
  return pieces.map(({ kind, name, bytes }) => {
    const sha256 = hexOf(session.host.sha256(bytes));
    return { offer: { evidenceId: session.random128(), kind, name, sizeBytes: bytes.length, sha256 }, bytes };
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
  wanted: readonly string[],
): Promise<boolean> {
  for (const { offer, bytes } of offered) {
    if (!wanted.includes(offer.evidenceId)) continue;
    const end = await uploadPiece(session, settings, episode, offer.evidenceId, bytes);
    if (end === 'key') return false;
    const message = end === 'complete' ? `${offer.name} was sent.` : `${offer.name} could not be sent.`;
    session.log(end === 'complete' ? 'info' : 'warn', `evidence-${end}`, message, {
      sizeBytes: offer.sizeBytes,
    });
  }
  return true;
}

async function uploadPiece(
  session: Session,
  settings: ServerSettings,
  episode: string,
  evidenceId: string,
  bytes: Uint8Array,
): Promise<'complete' | 'not-sent' | 'key'> {
  let offsetBytes = 0;
  for (let pauses = 0; pauses < maxPauses;) {
    const piece = bytes.subarray(offsetBytes, offsetBytes + maxPartBytes);
    const sha256 = hexOf(session.host.sha256(piece));
    const part = { version: 1, episode, evidenceId, offsetBytes, sizeBytes: piece.length, sha256 } as const;
    const boundary = `bootmend-${session.random128()}`;
    const { contentType, body } = packEvidencePart({ ...part, atMs: session.atMs() }, piece, boundary);
    const message = { path: '/v1/evidence', contentType, body };
    const posted = await postMessage(session.host, settings, message, parseEvidenceAnswer);
    if (posted.kind === 'refused') return 'not-sent';
    if (posted.kind === 'answered') {
      const { complete, receivedBytes } = posted.message;
      if (complete) return 'complete';
      const moved = receivedBytes !== offsetBytes && receivedBytes < bytes.length;
      if (!moved) return 'not-sent';
      // A server that lost what it had asks for an earlier part; that counts, so that it cannot go on for ever.
      if (receivedBytes < offsetBytes) pauses++;
      offsetBytes = receivedBytes;
      continue;
    }
    pauses++;
    const ms = posted.kind === 'busy' ? posted.retryAfterSeconds * 1000 : pauseMs * pauses;
    if ((await session.host.clock.wait(ms + session.randomBelow(1000))) === 'key') return 'key';
  }
  return 'not-sent';
}
