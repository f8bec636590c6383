import type { RemediationReach } from '../../../shared/api/remediation.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import {
  demandsOf,
  foreseeRefusal,
  type ForeseenRefusal,
} from '../../../shared/remediation/foresee-refusal.ts';
import type { Script } from '../../../shared/remediation/syntax-tree.ts';
import type { Sql } from '../../db/sql.ts';
import { ScriptReachRead, mostNames } from './script-reach-read.ts';

/** Says which machines would do nothing with a script, before anybody sends it. */
export class ScriptReach {
  readonly #read: ScriptReachRead;

  constructor(sql: Sql) {
    this.#read = new ScriptReachRead(sql);
  }

  /** By what machines last told: all that are not retired, or the one of an incident. */
  async of(organizationId: string, script: Script, incidentId?: string): Promise<RemediationReach> {
    const demands = demandsOf(script);
    const kinds = await this.#read.listKinds(organizationId, demands.programs.length > 0, incidentId);
    const refusals = new Map<string, RemediationReach['refusals'][number]>();
    const unknown = { machines: 0, names: [] as string[] };
    for (const { agentVersion, programs, facts, machines, names } of kinds) {
      const foreseen = foreseeRefusal(demands, {
        facts: parseFacts(facts).facts,
        ...(agentVersion !== null && { agentVersion }),
        ...(programs !== null && { programs }),
      });
      if (!foreseen) continue;
      const group = foreseen.reason === 'unknown' ? unknown : groupOf(refusals, foreseen);
      group.machines += machines;
      group.names = [...group.names, ...names].toSorted().slice(0, mostNames);
    }
    return {
      machines: kinds.reduce((sum, kind) => sum + kind.machines, 0),
      refusals: [...refusals.values()].toSorted(
        (a, b) => b.machines - a.machines || (a.sentence < b.sentence ? -1 : 1),
      ),
      unknown,
    };
  }
}

type Told = Exclude<ForeseenRefusal, { readonly reason: 'unknown' }>;

function groupOf(refusals: Map<string, RemediationReach['refusals'][number]>, { reason, sentence }: Told) {
  const known = refusals.get(sentence);
  if (known) return known;
  const made = { reason, sentence, machines: 0, names: [] };
  refusals.set(sentence, made);
  return made;
}
