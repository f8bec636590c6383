import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A Debian package that a build or a test needs, and the file by which its presence shows. */
export interface DebianPackage {
  readonly name: string;
  readonly file: string;
}

/**
 * Installs what is missing when this user may (root with apt-get); says in one line what it did or why not. Gives the
 * names of what is missing still.
 */
export function ensurePackages(
  packages: readonly DebianPackage[],
  say: (line: string) => void,
): readonly string[] {
  const listMissing = () => packages.filter(one => !existsSync(one.file)).map(one => one.name);
  const missing = listMissing();
  if (missing.length === 0) return missing;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`Not installed: ${missing.join(', ')}. Install with: sudo apt-get install ${missing.join(' ')}`);
    return missing;
  }
  say(`Installing ${missing.join(', ')} with apt-get ...`);
  // A service that comes with a package is not started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
  run('update', '-q');
  run('install', '-y', '-q', '--no-install-recommends', ...missing);
  const left = listMissing();
  if (left.length > 0)
    say(`apt-get could not install ${left.join(', ')}; what needs it cannot be done here.`);
  return left;
}
