import { createHash } from 'node:crypto';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { type ProgramOfScript, programsOf } from '../../../shared/remediation/program-policy.ts';
import { classOf } from '../../../shared/remediation/script-class.ts';
import type { Sql } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import { RemediationStore } from './remediation-store.ts';

export interface RemediationVersion {
  readonly remediationId: string;
  readonly version: number;
  readonly sha256: string;
}

const mostRemembered = 256;

/** Remediation scripts as they are stored: bytes and their hash. */
export class Remediations {
  readonly #texts = new Map<string, string>();
  readonly #withoutWayBack = new Map<string, boolean>();
  readonly #programs = new Map<string, readonly ProgramOfScript[]>();

  /** Keeps a script as the next version of its remediation; a text that is already stored keeps its version. Throws a Refusal when two save at once. */
  async keep(
    sql: Sql,
    organizationId: string,
    script: { remediationId: string; text: Uint8Array; author: string },
  ): Promise<RemediationVersion & { readonly isNew: boolean }> {
    const store = new RemediationStore(sql);
    const digest = createHash('sha256').update(script.text).digest();
    const sha256 = digest.toString('hex');
    const known = await store.findScript(organizationId, digest);
    if (known) return { remediationId: known.remediationId, version: known.version, sha256, isNew: false };
    const version = (await store.readNewestVersion(organizationId, script.remediationId)) + 1;
    if (!(await store.insertVersion(organizationId, { ...script, version, sha256: digest })))
      throw new Refusal(
        'saved-meanwhile',
        `Somebody else saved ${script.remediationId} at this moment. Read the newest version, then save again.`,
      );
    return { remediationId: script.remediationId, version, sha256, isNew: true };
  }

  /** The newest version of a remediation with its text; undefined when there is none. */
  async findNewest(
    sql: Sql,
    organizationId: string,
    remediationId: string,
  ): Promise<(RemediationVersion & { readonly text: string }) | undefined> {
    const found = await new RemediationStore(sql).findNewest(organizationId, remediationId);
    if (!found) return undefined;
    const { version, sha256, text } = found;
    return { remediationId, version, sha256: sha256.toString('hex'), text: decodeScript(text) };
  }

  /** The text of a script, remembered since a version never changes; throws when it is not stored. */
  async getText(sql: Sql, organizationId: string, sha256: string): Promise<string> {
    const id = `${organizationId}/${sha256}`;
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const script = await new RemediationStore(sql).findScript(organizationId, Buffer.from(sha256, 'hex'));
    if (!script) throw new Error(`script ${sha256} is not stored`);
    const text = decodeScript(script.text);
    if (this.#texts.size >= mostRemembered) this.#texts.clear();
    this.#texts.set(id, text);
    return text;
  }

  /** Whether a script holds a step that nobody can take back; one that cannot be read counts as such. */
  async hasNoWayBack(sql: Sql, organizationId: string, sha256: string): Promise<boolean> {
    const known = this.#withoutWayBack.get(sha256);
    if (known !== undefined) return known;
    const { script } = checkScript(await this.getText(sql, organizationId, sha256));
    const found = !script || classOf(script) === 'one-way';
    if (this.#withoutWayBack.size >= mostRemembered) this.#withoutWayBack.clear();
    this.#withoutWayBack.set(sha256, found);
    return found;
  }

  /** The programs that a script runs; one that cannot be read runs nothing, since every device refuses it. */
  async programsOf(sql: Sql, organizationId: string, sha256: string): Promise<readonly ProgramOfScript[]> {
    const known = this.#programs.get(sha256);
    if (known) return known;
    const { script } = checkScript(await this.getText(sql, organizationId, sha256));
    const found = script ? programsOf(script) : [];
    if (this.#programs.size >= mostRemembered) this.#programs.clear();
    this.#programs.set(sha256, found);
    return found;
  }
}

const decodeScript = (bytes: Uint8Array) =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
