import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { riskOf } from '../../../shared/remediation/syntax-tree.ts';
import { type ApprovalDocument, approvalDocument, payloadTypes } from '../../../shared/trust/documents.ts';
import type { Envelope, Verify } from '../../../shared/trust/envelope.ts';
import { openApproval } from '../../../shared/trust/open-approval.ts';
import { openDocument } from '../../../shared/trust/open-document.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { ApprovalStore } from './approval-store.ts';
import type { TrustKeeper, TrustState } from './trust-keeper.ts';
import { TrustStore } from './trust-store.ts';

/** An approval as it stands: who signed so far, and how many it takes. */
export interface ApprovalProgress {
  readonly approval: ApprovalDocument;
  readonly signers: readonly string[];
  readonly threshold: number;
  readonly complete: boolean;
}

interface Parts {
  readonly sql: Sql & Transactions;
  readonly trust: TrustKeeper;
  readonly audit: Audit;
  readonly verify: Verify;
  readonly clock: () => Date;
}

/** Approvals of scripts, made outside the server; it can keep them and judge them, never make one. */
export class Approvals {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The sequence that the organization's next approval must carry. */
  async readNextSequence(organizationId: string): Promise<number> {
    return (await new ApprovalStore(this.#parts.sql).readNewestSequence(organizationId)) + 1;
  }

  /** Stores an approval, or adds signatures to the one with the same bytes. Every signature must be good. */
  async add(organizationId: string, envelope: Envelope, actor: string): Promise<ApprovalProgress> {
    const { trust } = await this.#parts.trust.state(organizationId);
    if (!trust) throw refused('No trust document is published, so nobody can approve yet.');
    const { approvers: signers, threshold } = trust;
    const expected = { payloadType: payloadTypes.approval, schema: approvalDocument, signers, threshold: 1 };
    const opened = openDocument(envelope, expected, this.#parts.verify);
    if (!opened.ok) throw refused(opened.problem.message, opened.problem.code);
    if (opened.signers?.length !== envelope.signatures.length)
      throw refused('A signature on the approval is not a good one of an approver.', 'not-enough-signatures');
    this.#checkDocument(organizationId, opened.document);

    return await this.#parts.sql.transaction(async sql => {
      if (!(await new TrustStore(sql).lockOrganization(organizationId)))
        throw new Refusal('not-found', `There is no organization ${organizationId}.`);
      const merged = await this.#merge(sql, organizationId, opened.document, envelope);
      const good = openDocument(merged, expected, this.#parts.verify);
      const names = (good.ok ? (good.signers ?? []) : []).map(signer => signer.keyId);
      await this.#parts.audit.append(sql, {
        organizationId,
        actor,
        action: 'remediation-approved',
        subject: `script:${opened.document.scriptSha256}`,
        detail: { sequence: opened.document.sequence, signers: names, threshold },
      });
      const fileKeys = new Set(trust.approvers.filter(key => key.kind === 'file').map(key => key.keyId));
      const hasFileKey = opened.document.risk !== 'high' || names.some(name => fileKeys.has(name));
      const complete = names.length >= threshold && hasFileKey;
      return { approval: opened.document, signers: names, threshold, complete };
    });
  }

  /** The newest approval that lets this device run the script now, or why there is none. */
  judge(
    state: TrustState,
    envelopes: readonly Envelope[],
    asked: { scriptSha256: string; facts: Facts; now: Date },
  ): { readonly envelope: Envelope } | { readonly problem: string } {
    const { trust, recall } = state;
    if (!trust) return { problem: 'no-trust' };
    let problem = 'not-approved';
    for (const envelope of envelopes) {
      const context = {
        trust,
        scriptSha256: asked.scriptSha256,
        timeFloorMs: asked.now.getTime(),
        recalledScripts: recall?.scriptSha256s ?? [],
        sequenceObeyed: () => 0,
        facts: asked.facts,
      };
      const opened = openApproval(envelope, context, this.#parts.verify);
      if (opened.ok) return { envelope };
      if (problem === 'not-approved') problem = opened.problem.code;
    }
    return { problem };
  }

  /** The newest approval of a script with enough signatures that is neither expired nor recalled, for any device. */
  async findComplete(organizationId: string, scriptSha256: string): Promise<Envelope | undefined> {
    const { trust, recall } = await this.#parts.trust.state(organizationId);
    if (!trust || recall?.scriptSha256s.includes(scriptSha256)) return undefined;
    const { approvers: signers, threshold } = trust;
    const expected = { payloadType: payloadTypes.approval, schema: approvalDocument, signers, threshold };
    const nowMs = this.#parts.clock().getTime();
    const envelopes = await new ApprovalStore(this.#parts.sql).listEnvelopes(organizationId, scriptSha256);
    return envelopes.find(one => {
      const opened = openDocument(one, expected, this.#parts.verify);
      return opened.ok && Date.parse(opened.document.expiresAt) > nowMs;
    });
  }

  #checkDocument(organizationId: string, approval: ApprovalDocument): void {
    if (approval.organization !== organizationId)
      throw refused(`The approval is for organization ${approval.organization}.`, 'wrong-organization');
    if (Date.parse(approval.expiresAt) <= this.#parts.clock().getTime())
      throw refused(`The approval expired at ${approval.expiresAt}.`, 'expired');
  }

  async #merge(
    sql: Sql,
    organizationId: string,
    approval: ApprovalDocument,
    envelope: Envelope,
  ): Promise<Envelope> {
    const store = new ApprovalStore(sql);
    const { scriptSha256, sequence, expiresAt } = approval;
    const script = await store.findScript(organizationId, scriptSha256);
    if (!script) throw refused(`No script with hash ${scriptSha256} is stored here.`, 'script-changed');
    if (script.remediationId !== approval.remediationId || script.version !== approval.version)
      throw refused(`The script is version ${script.version} of ${script.remediationId}.`, 'script-changed');
    const { script: checked } = checkScript(textOfUtf8(script.text).text);
    if (!checked) throw refused('The script has mistakes; it cannot be approved.', 'unreadable-script');
    if (riskOf(checked) !== approval.risk)
      throw refused(`The script says of itself that its risk is ${riskOf(checked)}.`, 'risk-differs');
    const known = await store.findEnvelope(organizationId, scriptSha256, sequence);
    if (known && known.payload !== envelope.payload)
      throw refused(`Approval ${sequence} of this script says something else.`, 'version-not-newer');
    const newest = known ? 0 : await store.readNewestSequence(organizationId);
    if (!known && sequence <= newest)
      throw refused(`Sequences only rise; the next approval is ${newest + 1}.`, 'version-not-newer');
    const keyIds = new Set(envelope.signatures.map(one => one.keyid));
    const others = (known?.signatures ?? []).filter(one => !keyIds.has(one.keyid));
    const merged = { ...envelope, signatures: [...others, ...envelope.signatures] };
    await store.saveEnvelope(organizationId, { scriptSha256, sequence, expiresAt, envelope: merged });
    return merged;
  }
}

const refused = (message: string, why?: string) =>
  new Refusal('approval-refused', message, why === undefined ? {} : { path: why });
