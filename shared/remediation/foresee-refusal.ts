import type { Facts } from '../facts/facts.ts';
import { compareVersions, isVersion } from '../facts/version.ts';
import type { SingleCondition } from './condition-tree.ts';
import { singleConditionsOf } from './checks/check.ts';
import { decideCondition } from './decide-condition.ts';
import { explainCondition } from './explain-script.ts';
import { firstAgents } from './first-agents.ts';
import { OfflineRegistry } from './offline-registry.ts';
import {
  type AllowedProgram,
  findForbiddenProgram,
  type ProgramOfScript,
  programsOf,
} from './program-policy.ts';
import type { RefusalReason } from './refusal-reasons.ts';
import { FactsVolume } from './simulate/facts-volume.ts';
import { actionsOf, type Guard, type Script } from './syntax-tree.ts';

/** What a script asks of every machine, whatever is broken there. */
export interface ScriptDemands {
  readonly programs: readonly ProgramOfScript[];
  /** Guards that ask for the Windows alone. */
  readonly windows: readonly Guard[];
  /** The newest of the versions that first knew what the script says, and what that is. */
  readonly agent: { readonly version: string; readonly word: string };
}

/** What a machine last told of itself; what it never told is absent. */
export interface ToldMachine {
  readonly agentVersion?: string;
  /** Its own list; empty where it allows none. */
  readonly programs?: readonly AllowedProgram[];
  readonly facts: Facts;
}

/** Why one machine would do nothing; `unknown` where it never told what the script depends on. */
export type ForeseenRefusal =
  { readonly reason: RefusalReason; readonly sentence: string } | { readonly reason: 'unknown' };

/** What a script asks of a machine before anything that is broken there counts. */
export function demandsOf(script: Script): ScriptDemands {
  const said = [
    ...actionsOf(script).map(({ verb }) => verb),
    ...singleConditionsOf([...script.guards, ...script.proofs]).map(({ kind }) => kind),
  ];
  const newest = said.reduce(
    (most, one) => (compareVersions(firstAgents[one], firstAgents[most]) > 0 ? one : most),
    'delete' as const as keyof typeof firstAgents,
  );
  return {
    programs: programsOf(script),
    windows: script.guards.filter(guard => singleConditionsOf([guard]).every(isOfWindows)),
    agent: { version: firstAgents[newest], word: newest },
  };
}

/** Whether a machine would do nothing with a script that asks this, by what it last told; it decides by itself when it comes to it. */
export function foreseeRefusal(
  { programs, windows, agent }: ScriptDemands,
  machine: ToldMachine,
): ForeseenRefusal | undefined {
  const { agentVersion, facts } = machine;
  if (
    agentVersion !== undefined &&
    isVersion(agentVersion) &&
    compareVersions(agentVersion, agent.version) < 0
  )
    return {
      reason: 'agent-too-old',
      sentence: `The agent is older than ${agent.version}, which first knew “${agent.word}”.`,
    };
  const forbidden = machine.programs && findForbiddenProgram(programs, machine.programs);
  if (forbidden)
    return {
      reason: 'program-not-allowed',
      sentence: `The list of allowed programs does not name ${forbidden.path} with this hash.`,
    };
  const volume = new FactsVolume(facts);
  const registry = new OfflineRegistry(volume);
  const decided = windows.map(guard => ({
    guard,
    verdict: decideCondition(guard.condition, { volume, facts, registry }).verdict,
  }));
  const failed = decided.find(({ verdict }) => verdict === 'failed')?.guard;
  if (failed)
    return {
      reason: 'windows-does-not-fit',
      sentence: `Windows is another than line ${failed.line} asks for: ${explainCondition(failed.condition)}.`,
    };
  const isUntold = programs.length > 0 && machine.programs === undefined;
  return isUntold || decided.some(({ verdict }) => verdict === 'unknown') ? { reason: 'unknown' } : undefined;
}

const isOfWindows = ({ kind }: SingleCondition) =>
  kind === 'windows-build' || kind === 'windows-revision' || kind === 'windows-kind';
