import type { AllowedProgram } from '../../shared/remediation/program-policy.ts';
import { DeviceMemory } from '../core/device-memory.ts';
import { agentBuild } from '../core/agent-build.ts';
import { readWaits, type Waits } from '../core/read-waits.ts';
import { readJsonFile, stateFolderOn } from '../core/state-folder.ts';
import { testReport } from '../core/test-mode.ts';
import { readTurnMarker } from '../core/turn-marker.ts';
import type { Host } from '../host/host.ts';
import { readProvisionRecord } from './provision-record.ts';
import { readRecoveryEnvironment } from './recovery-environment.ts';

/** How this machine stands with Bootmend, from what is on its disk; asks no server and changes nothing. */
export interface AgentStatus {
  readonly agentVersion: string;
  readonly enrolled: 'active' | 'pending' | 'no';
  readonly organization?: string;
  readonly servers: readonly string[];
  /** What scripts may run here. */
  readonly programs: readonly AllowedProgram[];
  /** Tried before the direct way. */
  readonly proxy?: string;
  /** How long the recovery environment waits, and who says so. */
  readonly waits: Waits;
  readonly winreIsOn: boolean;
  readonly image: 'provisioned' | 'changing' | 'none' | 'damaged';
  readonly imageAgentVersion?: string;
  readonly openEpisode?: string;
  readonly nextStartIsOurs: boolean;
  readonly lastTest?: { readonly ok: boolean; readonly at: string };
  /** Whether a failed start of this machine could be healed by its server as things stand. */
  readonly ready: boolean;
}

export function readStatus(host: Host, root: string): AgentStatus {
  const loaded = DeviceMemory.load(host, root);
  const memory = loaded.ok ? loaded.memory : undefined;
  const record = readProvisionRecord(host, root);
  const test = readJsonFile(host, stateFolderOn(root).lastTest, testReport);
  const enrolled =
    memory?.device.state === 'active' || memory?.device.state === 'pending' ? memory.device.state : 'no';
  const image = record.kind === 'value' ? record.value.state : record.kind === 'damaged' ? 'damaged' : 'none';
  const winreIsOn = readRecoveryEnvironment(host, root)?.isEnabled === true;
  const episode = memory?.state.episode?.episode;
  return {
    agentVersion: agentBuild.version,
    enrolled,
    ...(memory && { organization: memory.device.organization }),
    servers: memory?.device.servers ?? [],
    programs: memory?.device.programs ?? [],
    ...(memory?.device.proxy !== undefined && { proxy: memory.device.proxy }),
    waits: readWaits(host, root, memory?.device.settings),
    winreIsOn,
    image,
    ...(record.kind === 'value' && { imageAgentVersion: record.value.agentVersion }),
    ...(episode !== undefined && { openEpisode: episode }),
    nextStartIsOurs: readTurnMarker(host, root).kind === 'value',
    ...(test.kind === 'value' && {
      lastTest: { ok: test.value.ok, at: new Date(test.value.atWallMs).toISOString() },
    }),
    ready: enrolled === 'active' && image === 'provisioned' && winreIsOn,
  };
}
