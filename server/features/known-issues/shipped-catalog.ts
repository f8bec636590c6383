import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import type { IssueSource } from '../../../shared/rules/source/issue-schema.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import { KnownIssueStore } from './known-issue-store.ts';

/** Where remediation scripts are kept. */
export interface ScriptKeeper {
  keep(
    sql: Sql,
    organizationId: string,
    script: { remediationId: string; text: Uint8Array; author: string },
  ): Promise<{ readonly remediationId: string; readonly isNew: boolean }>;
}

interface Parts {
  readonly transactions: Transactions;
  readonly scripts: ScriptKeeper;
  readonly log: Log;
}

/** The known issues that come with this release, one folder each. */
export class ShippedCatalog {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Keeps what is new in a folder of catalogue entries as new versions. Where people published a version of their own or
   * withdrew one, that stays so with its script, and the shipped one is a draft whose script has a name of its own.
   */
  async load(organizationId: string, folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      await this.#loadEntry(organizationId, entry.name, path.join(folder, entry.name));
    }
  }

  async #loadEntry(organizationId: string, id: string, home: string): Promise<void> {
    const leaveOut = (problem: string) =>
      this.#parts.log.error('a shipped known issue cannot be read', { knownIssueId: id, problem });
    const source = (await this.#read(path.join(home, 'issue.yaml')))?.toString('utf8');
    if (source === undefined) return leaveOut('it has no issue.yaml');
    const { issue, diagnostics } = parseIssue(source);
    if (issue?.id !== id) return leaveOut(diagnostics[0]?.message ?? `it names itself ${issue?.id}`);
    const script =
      issue.remediation === undefined ? undefined : await this.#read(path.join(home, issue.remediation));
    if (issue.remediation !== undefined && script === undefined)
      return leaveOut(`there is no ${issue.remediation} beside it`);
    const mistake = script && checkScript(script.toString('utf8')).diagnostics[0];
    if (mistake) {
      this.#parts.log.error('a shipped remediation cannot be read', {
        knownIssueId: id,
        problem: mistake.message,
        line: mistake.line,
      });
      return;
    }
    await this.#keep(organizationId, issue, source, script);
  }

  /** The bytes of a file; undefined where there is none. */
  async #read(file: string): Promise<Buffer | undefined> {
    try {
      return await readFile(file);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #keep(
    organizationId: string,
    { id, title, policy }: IssueSource,
    source: string,
    script: Buffer | undefined,
  ): Promise<void> {
    const sha256 = createHash('sha256').update(source).digest();
    await this.#parts.transactions.transaction(async sql => {
      const store = new KnownIssueStore(sql);
      await store.lockOrganization(organizationId);
      const { newest, isKnown, isDecided } = await store.readHistory(organizationId, id, sha256);
      const kept =
        script &&
        (await this.#parts.scripts.keep(sql, organizationId, {
          // The newest script of a name is what people see, approve and export: theirs stays that.
          remediationId: isDecided ? `${id}-shipped` : id,
          text: script,
          author: 'shipped',
        }));
      if (isKnown && !(isDecided && kept?.isNew)) return;
      const state = isDecided ? ('draft' as const) : ('published' as const);
      await store.insertVersion(organizationId, {
        knownIssueId: id,
        version: newest + 1,
        title,
        source,
        sha256,
        state,
        policy,
        remediationId: kept?.remediationId,
        origin: 'shipped',
        author: 'shipped',
      });
      this.#parts.log.info('known issue added', { knownIssueId: id, version: newest + 1, state });
    });
  }
}
