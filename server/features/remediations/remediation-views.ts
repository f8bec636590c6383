import type { RemediationRow, RemediationVersion } from '../../../shared/api/remediation.ts';
import type { RemediationState } from '../../../shared/api/remediation-state.ts';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { type Risk, riskOf } from '../../../shared/remediation/syntax-tree.ts';
import { approvalDocument, payloadTypes } from '../../../shared/trust/documents.ts';
import type { Verify } from '../../../shared/trust/envelope.ts';
import { openDocument } from '../../../shared/trust/open-document.ts';
import type { TrustState } from '../trust/trust-keeper.ts';
import type { StoredVersion } from './remediation-read.ts';

/** What judges an approval: what devices believe now, and what time it is. */
export interface Judge {
  readonly state: TrustState;
  readonly now: Date;
  readonly verify: Verify;
}

/** A stored version with where it stands, judged as devices would judge it. */
export function viewVersion(stored: StoredVersion, judge: Judge): RemediationVersion {
  const text = textOfUtf8(stored.text).text;
  const { envelope, sequence, expiresAt } = stored;
  const signers = signersOf(stored, judge);
  const risk = riskOfText(text);
  return {
    version: stored.version,
    text,
    sha256: stored.sha256.toString('hex'),
    risk,
    author: stored.author,
    createdAt: stored.createdAt.toISOString(),
    state: stateOf(stored, signers, risk, judge),
    ...(envelope &&
      sequence !== null &&
      expiresAt && { approval: { sequence, expiresAt: expiresAt.toISOString(), signers, envelope } }),
  };
}

/** A remediation in one line, from its versions, newest first. */
export function viewRow(versions: readonly StoredVersion[], judge: Judge): RemediationRow {
  const views = versions.map(version => ({ stored: version, view: viewVersion(version, judge) }));
  const inForce = views.find(({ view }) => view.state === 'in-force');
  const newest = views[0]!;
  const shown = inForce ?? newest;
  const { script } = checkScript(shown.view.text);
  const changedAt = views.flatMap(({ stored }) => [
    stored.createdAt,
    ...(stored.approvedAt ? [stored.approvedAt] : []),
  ]);
  return {
    remediationId: newest.stored.remediationId,
    title: script?.about?.title ?? newest.stored.remediationId,
    // A newer version that nobody signed yet is what somebody has to look at; a withdrawn one is not.
    state: newest.view.state === 'withdrawn' ? shown.view.state : newest.view.state,
    risk: shown.view.risk,
    ...(inForce && { versionInForce: inForce.view.version }),
    newestVersion: newest.view.version,
    author: newest.view.author,
    changedAt: new Date(Math.max(...changedAt.map(at => at.getTime()))).toISOString(),
  };
}

function riskOfText(text: string): Risk {
  const { script } = checkScript(text);
  // What cannot be read any more is treated as the worst.
  return script ? riskOf(script) : 'high';
}

function signersOf({ envelope }: StoredVersion, { state: { trust }, verify }: Judge) {
  if (!envelope || !trust) return [];
  const opened = openDocument(
    envelope,
    { payloadType: payloadTypes.approval, schema: approvalDocument, signers: trust.approvers, threshold: 1 },
    verify,
  );
  const good = new Set((opened.ok ? (opened.signers ?? []) : []).map(signer => signer.keyId));
  return trust.approvers
    .filter(key => good.has(key.keyId))
    .map(({ keyId, owner, kind }) => ({ keyId, owner, kind }));
}

function stateOf(
  { sha256, envelope, expiresAt }: StoredVersion,
  signers: readonly { readonly kind: string }[],
  risk: Risk,
  { state: { trust, recall }, now }: Judge,
): RemediationState {
  if (recall?.scriptSha256s.includes(sha256.toString('hex'))) return 'withdrawn';
  if (!envelope || !expiresAt) return 'draft';
  if (expiresAt <= now) return 'withdrawn';
  const isEnough = trust !== undefined && signers.length >= trust.threshold;
  return isEnough && (risk !== 'high' || signers.some(key => key.kind === 'file')) ? 'in-force' : 'waiting';
}
