import type { AgentReleaseRow } from '../../../shared/api/agent-release.ts';
import { counted } from './amounts.ts';

const reasons: Readonly<Record<string, string>> = {
  'updates-fail': 'machines that took it failed',
  'updated-machines-silent': 'machines that took it fell silent',
};

/** Why a release was halted, in words: what the server calls by a code, or what a person wrote. */
export const haltReason = (because: string): string => reasons[because] ?? `“${because}”`;

export const wasHaltedByServer = ({ haltedBecause = '' }: AgentReleaseRow): boolean =>
  Object.hasOwn(reasons, haltedBecause);

/** What the page of agent releases says first. */
export function releasesVerdict([newest]: readonly AgentReleaseRow[]): string {
  if (newest === undefined) return 'No newer agent was published here.';
  const { version, state, percent, machines, haltedBecause = '' } = newest;
  if (state === 'halted') return `Agent ${version} is halted: ${haltReason(haltedBecause)}.`;
  if (percent === 0) return `Agent ${version} is published and offered to no machine yet.`;
  const share = percent === 100 ? 'every machine' : `${percent} % of the machines`;
  return `Agent ${version} is offered to ${share}; ${counted(machines.installed, 'machine')} ${machines.installed === 1 ? 'runs' : 'run'} it.`;
}
