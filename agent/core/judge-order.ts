import { hexOf } from '../../shared/bytes/hex.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import { checkScript } from '../../shared/remediation/check-script.ts';
import { findForbiddenProgram, programsOf } from '../../shared/remediation/program-policy.ts';
import { risks, type Script } from '../../shared/remediation/syntax-tree.ts';
import { type ApprovalDocument, orderDocument, payloadTypes } from '../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../shared/trust/ed25519.ts';
import { type Envelope, payloadOf } from '../../shared/trust/envelope.ts';
import { openApproval } from '../../shared/trust/open-approval.ts';
import { parseDocument } from '../../shared/trust/open-document.ts';
import { openOrder } from '../../shared/trust/open-order.ts';
import type { Decision } from '../../shared/wire/answer.ts';
import { serverId } from '../../shared/wire/primitives.ts';
import type { Host, StartReason } from '../host/host.ts';
import type { DeviceMemory } from './device-memory.ts';
import { deviceIdOf } from './device-record.ts';
import { type EpisodeState, maxAttempts } from './recovery-state.ts';

type RemediateDecision = Extract<Decision, { readonly kind: 'remediate' }>;

/** What an order must answer. */
export interface OrderFrame {
  readonly episode: EpisodeState;
  readonly nonce: string;
  /** Monotonic clock when the check-in was first sent. */
  readonly sentAtMs: number;
  readonly facts: Facts;
  /** Version and path of a driver that a script asks about. */
  readonly readDriver: (driver: string) => Facts;
  readonly reason: StartReason;
}

/** A script that may run on this device now. */
export interface GoodScript {
  readonly approval: ApprovalDocument;
  readonly script: Script;
  /** As it was signed. */
  readonly text: string;
  readonly scriptSha256: string;
}

interface Refused {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}
export type JudgedScript = ({ readonly ok: true } & GoodScript) | Refused;

export type JudgedOrder =
  | ({ readonly ok: true; readonly attemptId: string } & GoodScript)
  /** The attempt as the order names it, not believed: good only for telling the server what was refused. */
  | (Refused & { readonly attemptId?: string });

/** Decides whether an order is obeyed: this device, this check-in, this script, enough approvers, not recalled. */
export function judgeOrder(
  host: Host,
  memory: DeviceMemory,
  frame: OrderFrame,
  decision: RemediateDecision,
): JudgedOrder {
  const attemptId = claimedAttempt(decision);
  const refuse = (code: string, message: string, line?: number): JudgedOrder => ({
    ok: false,
    code,
    message,
    ...(attemptId === undefined ? {} : { attemptId }),
    ...(line === undefined ? {} : { line }),
  });
  const { trust } = memory;
  const scriptSha256 = hexOf(host.sha256(utf8Of(decision.script)));
  const { episode, nonce, sentAtMs } = frame;
  const elapsedMs = host.clock.monotonicMs() - sentAtMs;
  const orderContext = {
    trust,
    deviceId: deviceIdOf(memory.device),
    episode: episode.episode,
    nonce,
    scriptSha256,
    elapsedMs,
  };
  const order = openOrder(decision.order, orderContext, verifyEd25519);
  if (!order.ok) return refuse(order.problem.code, order.problem.message);
  if (!serverId.safeParse(order.document.attemptId).success)
    return refuse('unreadable-document', 'The order names its attempt in an unknown way.');

  const judged = judgeScript(memory, frame, { ...decision, scriptSha256 });
  if (!judged.ok) return refuse(judged.code, judged.message, judged.line);
  return { ...judged, attemptId: order.document.attemptId };
}

/** Decides whether enough approvers let this device run a script now, and whether it is a script at all. */
export function judgeScript(
  memory: DeviceMemory,
  { episode, facts }: Pick<OrderFrame, 'episode' | 'facts'>,
  sealed: { readonly approval: Envelope; readonly script: string; readonly scriptSha256: string },
): JudgedScript {
  const refuse = (code: string, message: string, line?: number): JudgedScript => ({
    ok: false,
    code,
    message,
    ...(line === undefined ? {} : { line }),
  });
  const { trust, recall } = memory;
  const { scriptSha256 } = sealed;
  if (recall.kind === 'unknown')
    return refuse('recall-unknown', 'The newest recall list this device has seen is not at hand.');
  const approvalContext = {
    trust,
    scriptSha256,
    timeFloorMs: memory.timeFloorMs,
    recalledScripts: recall.scripts,
    sequenceObeyed: (remediationId: string) => memory.sequenceObeyed(remediationId),
    facts,
  };
  const approval = openApproval(sealed.approval, approvalContext, verifyEd25519);
  if (!approval.ok) return refuse(approval.problem.code, approval.problem.message);
  if (episode.attemptsMade >= maxAttempts)
    return refuse('too-many-attempts', `${episode.attemptsMade} repairs were tried; a person must look.`);

  const { script, diagnostics } = checkScript(sealed.script);
  if (!script)
    return refuse(
      'script-not-valid',
      diagnostics[0]?.message ?? 'The script is not valid.',
      diagnostics[0]?.line,
    );
  const risk = script.about?.risk?.value ?? 'low';
  if (risks.indexOf(risk) > risks.indexOf(approval.document.risk))
    return refuse(
      'risk-understated',
      `The script says its risk is ${risk}, the approval ${approval.document.risk}.`,
    );
  const forbidden = findForbiddenProgram(programsOf(script), memory.device.programs);
  if (forbidden)
    return refuse(
      'program-not-allowed',
      `The policy of this device does not allow ${forbidden.path} with the SHA-256 ${forbidden.sha256}.`,
      forbidden.line,
    );
  return { ok: true, approval: approval.document, script, text: sealed.script, scriptSha256 };
}

function claimedAttempt({ order }: RemediateDecision): string | undefined {
  const payload = payloadOf(order, payloadTypes.order);
  const claimed = payload && parseDocument(payload, orderDocument)?.attemptId;
  return serverId.safeParse(claimed).success ? claimed : undefined;
}
