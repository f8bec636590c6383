import { readFileSync, readdirSync } from 'node:fs';

/** Ticks of the clock in which Linux tells processor time. */
const tickMs = 10;

/** The process that started another; undefined where there is no /proc to say so. */
export const findParent = (pid: number): number | undefined => statOf(pid)?.parent;

/**
 * Processor time, in milliseconds, that this process and a PostgreSQL with all its backends have used: the server, its
 * database and whoever asks it from here. On a machine that does other things too it says more than a clock.
 */
export function processorTimeMs(postmaster: number | undefined): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  if (postmaster === undefined) return own;
  const told = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => statOf(Number(name)))
    .filter(one => one !== undefined);
  const ticks = told
    .filter(({ pid, parent }) => pid === postmaster || parent === postmaster)
    // backends that ended are counted with their parent
    .reduce((sum, one) => sum + one.ticks + (one.pid === postmaster ? one.endedTicks : 0), 0);
  return own + ticks * tickMs;
}

/** See proc_pid_stat(5): the name in parentheses may hold blanks, so fields are counted after it. */
function statOf(pid: number) {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (field: number) => Number(fields[field - 3]);
  return { pid, parent: at(4), ticks: at(14) + at(15), endedTicks: at(16) + at(17) };
}
