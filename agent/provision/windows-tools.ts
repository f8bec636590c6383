import type { Host, ToolName } from '../host/host.ts';

/** Trouble in a healthy Windows, with what a person can do about it. */
export interface ProvisionProblem {
  readonly code: string;
  readonly message: string;
}
export type Done<Value = void> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: ProvisionProblem };

export const done: Done = { ok: true, value: undefined };
export const failed = (code: string, message: string): { ok: false; problem: ProvisionProblem } => ({
  ok: false,
  problem: { code, message },
});

const minuteMs = 60_000;
/** Committing an image of 600 MB on a slow disk takes minutes. */
const timeouts: Partial<Record<ToolName, number>> = { dism: 30 * minuteMs, reagentc: 20 * minuteMs };

/** Runs a tool of Windows and gives its output; any exit code but 0 is a problem that names the tool and the code. */
export async function runTool(host: Host, tool: ToolName, ...args: readonly string[]): Promise<Done<string>> {
  const result = await host.tools.run({
    tool,
    arguments: args,
    timeoutMs: timeouts[tool] ?? 2 * minuteMs,
  });
  switch (result.kind) {
    case 'ended':
      // DISM says 3010 when it is done and Windows should be restarted.
      if (result.exitCode === 0 || (tool === 'dism' && result.exitCode === 3010))
        return { ok: true, value: result.output };
      return failed(`${tool}-failed`, `${tool} ${args[0] ?? ''} ended with code ${codeOf(result.exitCode)}.`);
    case 'timed-out':
      return failed(`${tool}-timed-out`, `${tool} ${args[0] ?? ''} did not end in time.`);
    case 'failed':
      return failed(result.failure.code, result.failure.message);
    default:
      return result satisfies never;
  }
}

/** The numbers of a key of this Windows by name, whatever its language; undefined when it cannot be read. */
export async function queryNumbers(
  host: Host,
  key: string,
): Promise<((name: string) => number | undefined) | undefined> {
  const queried = await runTool(host, 'reg', 'query', key);
  if (!queried.ok) return undefined;
  return name => {
    // Values and types are not translated.
    const match = new RegExp(`^\\s+${name}\\s+REG_DWORD\\s+0x([0-9a-f]{1,8})\\s*$`, 'im').exec(queried.value);
    return match ? Number.parseInt(match[1]!, 16) : undefined;
  };
}

/** Exit codes of Windows are often HRESULTs, which people look up in hexadecimal. */
const codeOf = (exitCode: number): string =>
  exitCode < 0 || exitCode > 65_535 ? `0x${(exitCode >>> 0).toString(16).toUpperCase()}` : String(exitCode);
