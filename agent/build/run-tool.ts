import { spawnSync } from 'node:child_process';

/** A program of the build that did not do its work; the message is what it said. */
export class ToolError extends Error {}

export interface ToolPlace {
  readonly cwd: string;
  readonly temporary?: string;
  /** What a program that is no part of a reproducible build may see beside. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs a program by its argument array. What it makes must not depend on who builds, where and when. What it needs for
 * a moment it keeps in `temporary`, which is where it runs unless that is no place to write into.
 */
export function runTool(
  [command, ...args]: readonly [string, ...string[]],
  { cwd, temporary = cwd, environment = {} }: ToolPlace,
): string {
  const env = {
    ...environment,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: '0',
    TMPDIR: temporary,
  };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status === 0) return stdout;
  const said = error?.message ?? `${stderr}${stdout}`.trim();
  throw new ToolError(`${command} failed: ${said}`, { cause: error });
}
