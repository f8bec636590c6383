import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A Debian package that some suite needs, and the file by which its presence shows. */
export interface DebianPackage {
  readonly name: string;
  readonly file: string;
}

export const chromium: DebianPackage = { name: 'chromium', file: '/usr/bin/chromium' };
/** A second reader and writer of registry hives. */
export const hivex: DebianPackage = { name: 'libhivex-bin', file: '/usr/bin/hivexsh' };
export const xz: DebianPackage = { name: 'xz-utils', file: '/usr/bin/xz' };
/** A second reader of event logs. */
export const libevtx: DebianPackage = { name: 'libevtx-utils', file: '/usr/bin/evtxexport' };
/** Makes, edits and reads images of the recovery environment. */
export const wimtools: DebianPackage = { name: 'wimtools', file: '/usr/bin/wimlib-imagex' };

export const allPackages: readonly DebianPackage[] = [chromium, hivex, xz, libevtx, wimtools];

/** Installs what is missing when this user may (root with apt-get); says in one line what it did or why not. */
export function ensurePackages(packages: readonly DebianPackage[], say: (line: string) => void): void {
  const missing = packages.filter(one => !existsSync(one.file)).map(one => one.name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`Not installed: ${missing.join(', ')}. Install with: sudo apt-get install ${missing.join(' ')}`);
    return;
  }
  say(`Installing ${missing.join(', ')} with apt-get ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
  run('update', '-q');
  const { status } = run('install', '-y', '-q', '--no-install-recommends', ...missing);
  if (status !== 0)
    say(`apt-get could not install ${missing.join(', ')}; the tests that need it are skipped.`);
}
