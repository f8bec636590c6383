import { createHash } from 'node:crypto';
import type { SavedIssue, SourceMistake, TriedIssue, TryIssue } from '../../../shared/api/known-issue.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { findConflicts } from '../../../shared/rules/find-conflicts.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import type { HealthyDeviceRead } from '../devices/healthy-device-read.ts';
import { KnownIssueRead } from './known-issue-read.ts';
import { KnownIssueStore } from './known-issue-store.ts';
import type { KnownIssues } from './known-issues.ts';
import type { ScriptKeeper } from './shipped-catalog.ts';
import { explainOn, RuleTry } from './try-rule.ts';

interface Parts {
  readonly sql: Sql;
  readonly transactions: Transactions;
  readonly scripts: ScriptKeeper;
  readonly issues: KnownIssues;
  readonly healthy: Pick<HealthyDeviceRead, 'read'>;
  readonly audit: Audit;
}

/** Who writes, and for whom. */
export interface Author {
  readonly organizationId: string;
  readonly name: string;
  /** As the audit log names them. */
  readonly actor: string;
}

const mostTried = 1000;

/** What authors do with known issues: try, save, publish, withdraw. A version never changes; saving makes the next. */
export class IssueAuthor {
  readonly #parts: Parts;
  readonly #read: KnownIssueRead;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#read = new KnownIssueRead(parts.sql);
  }

  /** What would come of a source as it stands, on the newest incidents and on healthy machines; nothing is kept. */
  async try(organizationId: string, { source, script, incident }: TryIssue): Promise<TriedIssue> {
    const inForce = await this.#parts.issues.listAuthored(organizationId);
    const { issue, rule, diagnostics } = parseIssue(
      source,
      inForce.map(one => one.rule),
    );
    const checked = script === undefined ? undefined : checkScript(script);
    const found =
      incident === undefined || incident === ''
        ? undefined
        : await this.#read.findFacts(organizationId, incident.trim());
    const mistakes = {
      mistakes: diagnostics.map(mistakeOf),
      scriptMistakes: checked?.diagnostics.map(mistakeOf) ?? [],
      noIncident: (incident ?? '') !== '' && !found,
    };
    if (!issue || !rule) return { ...mistakes, conflicts: [] };
    const others = inForce.filter(one => one.rule.id !== rule.id);
    const own = { rule, remediation: issue.remediation === undefined ? `advice of ${rule.id}` : rule.id };
    const tried = new RuleTry(rule, { script: checked?.script, builds: issue.affectedBuilds });
    tried.add(await this.#read.listNewestFacts(organizationId, mostTried));
    const healthy = this.#parts.healthy.read(organizationId, { batch: mostTried, most: mostTried });
    for await (const devices of healthy) tried.addHealthy(devices);
    return {
      ...mistakes,
      conflicts: findConflicts([own, ...others]).conflicts.flatMap(({ ids, isCertain }) => {
        const other = others.find(one => ids.includes(rule.id) && ids.includes(one.rule.id))?.rule;
        return other ? [{ knownIssueId: other.id, title: other.title, isCertain }] : [];
      }),
      trial: tried.trial,
      ...(found && { explanation: explainOn(rule, found) }),
    };
  }

  /** Keeps a source, and its script, as the next version: a draft. The same bytes stay the version that they are. */
  async save(
    { organizationId, name, actor }: Author,
    { source, script }: { source: string; script?: string | undefined },
  ): Promise<SavedIssue & { readonly isNew: boolean }> {
    const inForce = await this.#parts.issues.listAuthored(organizationId);
    const { issue, diagnostics } = parseIssue(
      source,
      inForce.map(one => one.rule),
    );
    const [mistake] = [...diagnostics, ...(script === undefined ? [] : checkScript(script).diagnostics)];
    if (!issue || mistake)
      throw new Refusal('issue-refused', mistake?.message ?? 'The source cannot be read.', {
        ...(mistake && { path: `line ${mistake.line}` }),
      });
    const { id: knownIssueId, title, policy, remediation } = issue;
    return await this.#parts.transactions.transaction(async sql => {
      const store = new KnownIssueStore(sql);
      await store.lockOrganization(organizationId);
      const [newest] = await new KnownIssueRead(sql).listVersions(organizationId, knownIssueId);
      const kept =
        remediation === undefined || script === undefined
          ? undefined
          : await this.#parts.scripts.keep(sql, organizationId, {
              remediationId: knownIssueId,
              text: Buffer.from(script),
              author: actor,
            });
      if (newest?.source === source && !kept?.isNew)
        return { knownIssueId, version: newest.version, isNew: false };
      const version = (newest?.version ?? 0) + 1;
      await store.insertVersion(organizationId, {
        knownIssueId,
        version,
        title,
        source,
        sha256: createHash('sha256').update(source).digest(),
        state: 'draft',
        policy,
        remediationId:
          remediation === undefined ? undefined : (kept?.remediationId ?? newest?.remediationId ?? undefined),
        origin: 'own',
        author: name,
      });
      await this.#note(sql, { organizationId, actor }, 'known-issue-saved', { knownIssueId, version });
      return { knownIssueId, version, isNew: true };
    });
  }

  /** Puts a version in force: from now on machines are matched with it. */
  async publish(author: Author, knownIssueId: string, version: number): Promise<void> {
    const { organizationId } = author;
    await this.#parts.transactions.transaction(async sql => {
      const store = new KnownIssueStore(sql);
      await store.lockOrganization(organizationId);
      const versions = await new KnownIssueRead(sql).listVersions(organizationId, knownIssueId);
      const wanted = versions.find(one => one.version === version);
      if (!wanted) throw new Refusal('not-found', 'There is no such version of a known issue.');
      const { issue } = parseIssue(wanted.source);
      if (issue?.remediation !== undefined && wanted.remediationId === null)
        throw new Refusal(
          'issue-refused',
          'Its script is missing. Save it together with a script, or with advice.',
        );
      if (!(await store.publish(organizationId, knownIssueId, version)))
        throw new Refusal(
          'issue-refused',
          'It is in force, or a newer version is. Save it again to go back to it.',
        );
      await this.#note(sql, author, 'known-issue-published', { knownIssueId, version });
    });
    await this.#parts.issues.refresh(organizationId);
  }

  /** Takes a known issue out of force: no machine is matched with it any more. */
  async withdraw(author: Author, knownIssueId: string): Promise<void> {
    const { organizationId } = author;
    await this.#parts.transactions.transaction(async sql => {
      const store = new KnownIssueStore(sql);
      await store.lockOrganization(organizationId);
      if (!(await store.withdraw(organizationId, knownIssueId)))
        throw new Refusal('not-found', 'No version of this known issue is in force.');
      await this.#note(sql, author, 'known-issue-withdrawn', { knownIssueId });
    });
    await this.#parts.issues.refresh(organizationId);
  }

  async #note(
    sql: Sql,
    { organizationId, actor }: Pick<Author, 'organizationId' | 'actor'>,
    action: string,
    { knownIssueId, version }: { knownIssueId: string; version?: number },
  ): Promise<void> {
    await this.#parts.audit.append(sql, {
      organizationId,
      actor,
      action,
      subject: `known-issue:${knownIssueId}`,
      ...(version !== undefined && { detail: { version } }),
    });
  }
}

const mistakeOf = ({ code, message, line, column }: SourceMistake): SourceMistake => ({
  code,
  message,
  line,
  column,
});
