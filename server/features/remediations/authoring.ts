import type {
  LabMachines,
  NewSimulation,
  RemediationDetail,
  RemediationList,
  RemediationReach,
  SavedVersion,
  SimulationView,
} from '../../../shared/api/remediation.ts';
import { textOfUtf8, utf8Of } from '../../../shared/bytes/utf8.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { simulateScript } from '../../../shared/remediation/simulate/simulate-script.ts';
import type { Script } from '../../../shared/remediation/syntax-tree.ts';
import type { Verify } from '../../../shared/trust/envelope.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import type { TrustState } from '../trust/trust-keeper.ts';
import { RemediationRead, type StoredVersion } from './remediation-read.ts';
import type { Remediations } from './remediations.ts';
import { type Judge, viewRow, viewVersion } from './remediation-views.ts';

/** Broken machines as folders, on which a script can be tried; they live outside of the server's rooms. */
export interface LabGround {
  list(): Promise<LabMachines['machines']>;
  /** Undefined when there is no such machine. */
  simulate(machineId: string, text: string): Promise<SimulationView | undefined>;
}

interface Parts {
  readonly sql: Sql & Transactions;
  readonly remediations: Remediations;
  readonly audit: Audit;
  readonly verify: Verify;
  readonly clock: () => Date;
  readonly trustOf: (organizationId: string) => Promise<TrustState>;
  readonly nextSequence: (organizationId: string) => Promise<number>;
  readonly incidents: {
    get(organizationId: string, incidentId: string): Promise<{ facts: Record<string, unknown> }>;
  };
  /** Which machines would do nothing with a script. */
  readonly scriptReach: {
    of(organizationId: string, script: Script, incidentId?: string): Promise<RemediationReach>;
  };
  /** Absent where no lab is at hand. */
  readonly lab: LabGround | undefined;
}

/** What an author does at the console: read versions, keep a new one, try a script. */
export class Authoring {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Every remediation, newest change first. */
  async list(organizationId: string): Promise<RemediationList> {
    const [judge, stored] = await Promise.all([
      this.#judge(organizationId),
      new RemediationRead(this.#parts.sql).listTelling(organizationId),
    ]);
    const rows = [...groupById(stored)].map(versions => viewRow(versions, judge));
    return { remediations: rows.toSorted((a, b) => b.changedAt.localeCompare(a.changedAt)) };
  }

  /** One remediation with its versions and who may sign. */
  async get(organizationId: string, remediationId: string): Promise<RemediationDetail> {
    const { sql, nextSequence } = this.#parts;
    const versions = await new RemediationRead(sql).listVersions(organizationId, remediationId);
    if (versions.length === 0) throw new Refusal('not-found', 'There is no remediation of this name.');
    const judge = await this.#judge(organizationId);
    const { trust } = judge.state;
    return {
      remediationId,
      versions: versions.map(version => viewVersion(version, judge)),
      organization: organizationId,
      nextSequence: await nextSequence(organizationId),
      ...(trust && { trust: { threshold: trust.threshold, approvers: trust.approvers } }),
    };
  }

  /** Which machines would do nothing with a version: of all, or the one of an incident. */
  async reach(
    organizationId: string,
    remediationId: string,
    version: number,
    incidentId: string | undefined,
  ): Promise<RemediationReach> {
    const { sql, incidents, scriptReach } = this.#parts;
    const versions = await new RemediationRead(sql).listVersions(organizationId, remediationId);
    const found = versions.find(one => one.version === version);
    const { script } = found ? checkScript(textOfUtf8(found.text).text) : {};
    if (!script) throw new Refusal('not-found', 'There is no version of this number that machines can read.');
    if (incidentId !== undefined) await incidents.get(organizationId, incidentId);
    return await scriptReach.of(organizationId, script, incidentId);
  }

  /** Keeps a sound script as the next version; a text that is stored already keeps its version. */
  async saveVersion(
    { organizationId, name, actor }: SignedIn,
    remediationId: string,
    text: string,
  ): Promise<SavedVersion> {
    getSound(text);
    const { sql, remediations, audit } = this.#parts;
    return await sql.transaction(async transaction => {
      const script = { remediationId, text: utf8Of(text), author: name };
      const kept = await remediations.keep(transaction, organizationId, script);
      if (kept.remediationId !== remediationId)
        throw new Refusal(
          'name-taken',
          `Exactly this script is version ${kept.version} of ${kept.remediationId}.`,
        );
      if (kept.isNew)
        await audit.append(transaction, {
          organizationId,
          actor,
          action: 'remediation-saved',
          subject: `remediation:${remediationId}`,
          detail: { version: kept.version, sha256: kept.sha256 },
        });
      return { version: kept.version, sha256: kept.sha256, isNew: kept.isNew };
    });
  }

  async listLabMachines(): Promise<LabMachines> {
    return { machines: (await this.#parts.lab?.list()) ?? [] };
  }

  /** Tries a script; nothing is changed anywhere. */
  async simulate(organizationId: string, { text, on }: NewSimulation): Promise<SimulationView> {
    const script = getSound(text);
    if (on.kind === 'incident') {
      const { facts } = await this.#parts.incidents.get(organizationId, on.incidentId);
      return simulateScript(script, { kind: 'facts', facts: parseFacts(facts).facts }) as SimulationView;
    }
    const simulation = await this.#parts.lab?.simulate(on.machineId, text);
    if (!simulation) throw new Refusal('not-found', 'There is no lab machine of this name.');
    return simulation;
  }

  async #judge(organizationId: string): Promise<Judge> {
    const { trustOf, clock, verify } = this.#parts;
    return { state: await trustOf(organizationId), now: clock(), verify };
  }
}

function getSound(text: string): Script {
  const { script, diagnostics } = checkScript(text);
  if (script) return script;
  const [first] = diagnostics;
  const path = first && `line ${first.line}`;
  throw new Refusal(
    'script-has-mistakes',
    first?.message ?? 'The script has mistakes.',
    path ? { path } : {},
  );
}

/** Stored versions by remediation; they come in that order. */
function* groupById(stored: readonly StoredVersion[]): Generator<readonly StoredVersion[]> {
  let group: StoredVersion[] = [];
  for (const one of stored) {
    if (group[0] && group[0].remediationId !== one.remediationId) {
      yield group;
      group = [];
    }
    group.push(one);
  }
  if (group.length > 0) yield group;
}
