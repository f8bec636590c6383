import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { base64Of, bytesOfBase64 } from '../../shared/bytes/base64.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import { canonicalJson } from '../../shared/trust/canonical-json.ts';
import {
  type AgentReleaseDocument,
  agentReleaseDocument,
  type ApprovalDocument,
  approvalDocument,
  payloadTypes,
  type TrustDocument,
  trustDocument,
} from '../../shared/trust/documents.ts';
import {
  addSignature,
  type Envelope,
  envelope,
  preAuthenticationEncoding,
} from '../../shared/trust/envelope.ts';
import { parseDocument } from '../../shared/trust/open-document.ts';
import type { ApproverSigner } from './key-file.ts';

const signingPaper = z.object({
  type: z.literal('bootmend-signing-paper'),
  envelope,
  /** The script that an approval is about, so that whoever signs can read it. */
  script: z.optional(z.string()),
});
type SigningPaper = z.infer<typeof signingPaper>;

/** What a paper asks to sign, already checked to be what it says. */
export type PaperContent =
  | { readonly kind: 'approval'; readonly approval: ApprovalDocument; readonly script: string }
  | { readonly kind: 'trust'; readonly trust: TrustDocument }
  | { readonly kind: 'agent-release'; readonly release: AgentReleaseDocument };

export type OpenedPaper =
  | {
      readonly ok: true;
      readonly paper: SigningPaper;
      readonly content: PaperContent;
      readonly sha256: string;
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A file that goes from the server to an approver's machine, is signed there and goes back. */
export function writePaper(file: string, content: PaperContent): void {
  const [payloadType, document] = documentOf(content);
  const sealed: Envelope = {
    payloadType,
    payload: base64Of(utf8Of(canonicalJson(document))),
    signatures: [],
  };
  savePaper(file, {
    type: 'bootmend-signing-paper',
    envelope: sealed,
    ...(content.kind === 'approval' && { script: content.script }),
  });
}

function documentOf(content: PaperContent) {
  switch (content.kind) {
    case 'approval':
      return [payloadTypes.approval, content.approval] as const;
    case 'trust':
      return [payloadTypes.trust, content.trust] as const;
    case 'agent-release':
      return [payloadTypes.agentRelease, content.release] as const;
    default:
      return content satisfies never;
  }
}

/** Reads a paper. The script must be, byte for byte, the one that the approval names. */
export function openPaper(file: string): OpenedPaper {
  const refuse = (code: string, message: string): OpenedPaper => ({ ok: false, code, message });
  let paper: SigningPaper;
  try {
    paper = signingPaper.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return refuse(
      'unreadable-paper',
      `${file} is not a signing paper; "review", "trust draft" and "agent-release draft" write them.`,
    );
  }
  const payload = bytesOfBase64(paper.envelope.payload);
  if (!payload) return refuse('unreadable-paper', `The payload of ${file} is damaged.`);
  const sha256 = createHash('sha256').update(payload).digest('hex');
  if (paper.envelope.payloadType === payloadTypes.trust) {
    const trust = parseDocument(payload, trustDocument);
    if (trust) return { ok: true, paper, content: { kind: 'trust', trust }, sha256 };
  }
  if (paper.envelope.payloadType === payloadTypes.agentRelease) {
    const release = parseDocument(payload, agentReleaseDocument);
    if (release) return { ok: true, paper, content: { kind: 'agent-release', release }, sha256 };
  }
  if (paper.envelope.payloadType === payloadTypes.approval) {
    const approval = parseDocument(payload, approvalDocument);
    const { script } = paper;
    if (approval && script !== undefined) {
      if (createHash('sha256').update(script).digest('hex') !== approval.scriptSha256)
        return refuse('script-changed', `The script in ${file} is not the one that the approval names.`);
      return { ok: true, paper, content: { kind: 'approval', approval, script }, sha256 };
    }
  }
  return refuse(
    'unreadable-paper',
    `${file} carries no trust document, no approval and no agent that can be read.`,
  );
}

/** Adds a signature to the paper in its file. */
export function signPaper(file: string, paper: SigningPaper, { key, sign }: ApproverSigner): void {
  const payload = bytesOfBase64(paper.envelope.payload)!;
  const signature = sign(preAuthenticationEncoding(paper.envelope.payloadType, payload));
  savePaper(file, { ...paper, envelope: addSignature(paper.envelope, key.keyId, signature) });
}

function savePaper(file: string, paper: SigningPaper): void {
  writeFileSync(file, `${JSON.stringify(paper, undefined, 2)}\n`);
}
