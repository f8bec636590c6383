import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';

const top = path.resolve(import.meta.dirname, '../../..');

const agentEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('log'),
    atMs: z.number(),
    level: z.string(),
    code: z.string(),
    message: z.string(),
    details: z.optional(z.record(z.string(), z.unknown())),
  }),
  z.object({ event: z.literal('screen'), headline: z.string(), detail: z.string() }),
  z.object({ event: z.literal('end'), kind: z.string(), message: z.optional(z.string()) }),
]);
export type AgentEvent = z.infer<typeof agentEvent>;

/** What the agent's process does: the exit codes of `agent/main.ts`. */
export const agentExit = { done: 0, reboot: 10 } as const;

/** Runs the agent as a process of its own over a lab machine, and tells each of its events. */
export function runAgent(
  command: readonly ['recover' | 'confirm' | 'enrol' | 'provision', ...string[]],
  machineDir: string,
  tell: (event: AgentEvent) => void = () => {},
  /** Ends the process, as pulling the plug would. */
  unplug?: AbortSignal,
): Promise<number> {
  const main = path.join(top, 'agent/main.ts');
  const args = [main, ...command, '--machine', machineDir, '--json-events'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  unplug?.addEventListener('abort', () => child.kill('SIGKILL'));
  createInterface({ input: child.stdout }).on('line', line => {
    const parsed = agentEvent.safeParse(JSON.parse(line));
    if (parsed.success) tell(parsed.data);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
}
