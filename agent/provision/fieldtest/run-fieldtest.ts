import { agentBuild } from '../../core/agent-build.ts';
import { type Host, HostError } from '../../host/host.ts';
import { evidenceSteps } from './evidence-steps.ts';
import { type Bench, type FieldStep, findFieldWindows, type Found } from './field-step.ts';
import { imageSteps } from './image-steps.ts';
import { networkSteps } from './network-steps.ts';
import { volumeSteps } from './volume-steps.ts';

/** One claim of docs/not-proven-on-windows.md, as it is on this machine. */
export interface FieldtestResult extends Found {
  readonly step: string;
  readonly claim: string;
  readonly tookMs: number;
}

/** What an admin sends to the project: no name, no key, no password. */
export interface Fieldtest {
  readonly format: 'bootmend-fieldtest-2';
  readonly agentVersion: string;
  readonly environment: 'recovery' | 'windows';
  readonly results: readonly FieldtestResult[];
}

/** In the order in which they run: what may wait long comes last. */
export const fieldSteps: readonly FieldStep[] = [
  ...imageSteps,
  ...volumeSteps,
  ...evidenceSteps,
  ...networkSteps,
];

/**
 * Tries on this machine what only a real Windows can show. It writes nothing but a few files of its own on the Windows
 * volume, which are gone when it ends, and sends nothing of the machine. Each result is told as it comes.
 */
export async function runFieldtest(
  host: Host,
  tell: (result: FieldtestResult) => void = () => undefined,
  peakBytes?: () => number,
): Promise<Fieldtest> {
  const bench: Bench = { host, windows: findFieldWindows(host), peakBytes };
  const results: FieldtestResult[] = [];
  for (const { step, claim, run } of fieldSteps) {
    const startedAtMs = host.clock.monotonicMs();
    const found = await attempt(() => run(bench));
    const result = { step, claim, ...found, tookMs: Math.round(host.clock.monotonicMs() - startedAtMs) };
    results.push(result);
    tell(result);
  }
  return {
    format: 'bootmend-fieldtest-2',
    agentVersion: agentBuild.version,
    environment: host.machine.readEnvironment(),
    results,
  };
}

/** A step that breaks is a result like any other; the next one runs. */
async function attempt(run: () => Promise<Found> | Found): Promise<Found> {
  try {
    return await run();
  } catch (error) {
    const code = error instanceof HostError ? error.failure.code : 'unexpected';
    return { result: 'fails', summary: code, details: { code } };
  }
}
