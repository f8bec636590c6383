import * as z from 'zod/mini';
import { maxAgentBytes } from '../trust/documents.ts';
import { parseWith, wireVersion } from './primitives.ts';

/** A healthy Windows fetches the agent it was offered, piece by piece: `POST /v1/agent-release`. */
export const agentReleaseRequest = z.object({
  version: wireVersion,
  number: z.int().check(z.positive()),
  offsetBytes: z.int().check(z.nonnegative(), z.maximum(maxAgentBytes)),
});
export type AgentReleaseRequest = z.infer<typeof agentReleaseRequest>;

/** One piece is at most this many bytes. */
export const maxReleasePieceBytes = 192 * 1024;

/** The bytes from `offsetBytes`, in base64; none at the end. What they are worth, the signed hash says. */
export const agentReleasePiece = z.object({
  version: wireVersion,
  number: z.int().check(z.positive()),
  offsetBytes: z.int().check(z.nonnegative()),
  bytes: z.string().check(z.maxLength(Math.ceil(maxReleasePieceBytes / 3) * 4)),
});
export type AgentReleasePiece = z.infer<typeof agentReleasePiece>;

export const parseAgentReleaseRequest = (input: unknown) => parseWith(agentReleaseRequest, input);
export const parseAgentReleasePiece = (input: unknown) => parseWith(agentReleasePiece, input);

export const agentReleaseRequestExample: AgentReleaseRequest = { version: 1, number: 3, offsetBytes: 0 };
