import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

/**
 * As whom PostgreSQL runs; it refuses to run as root.
 * `same-user`: we are not root. `user-namespace`: root here, nobody in the eyes of PostgreSQL; needs no OS user and
 * keeps files root's. `other-user`: a real change of user, for machines that refuse user namespaces (containers) and
 * for data that an ordinary user made.
 */
export type Privileges =
  | { readonly kind: 'same-user' }
  | { readonly kind: 'user-namespace' }
  | { readonly kind: 'other-user'; readonly uid: number; readonly gid: number };

/** Chooses as whom PostgreSQL runs over a data folder, which may not be there yet. */
export function choosePrivileges(dataDir: string, mayUnshare = userNamespacesWork): Privileges {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return { kind: 'same-user' };
  const owner = existsSync(dataDir) ? statSync(dataDir) : undefined;
  if (owner && owner.uid !== 0) return { kind: 'other-user', uid: owner.uid, gid: owner.gid };
  if (mayUnshare()) return { kind: 'user-namespace' };
  const nobody = findUser('nobody');
  if (owner || !nobody)
    throw new Error(
      'PostgreSQL does not run as root, and this machine refuses user namespaces. Start Bootmend as an ordinary user, or set DATABASE_URL.',
    );
  return { kind: 'other-user', ...nobody };
}

const namespace = ['--user', '--map-user=nobody', '--map-group=nogroup'];

const userNamespacesWork = () =>
  spawnSync('unshare', [...namespace, 'true'], { stdio: 'ignore' }).status === 0;

/** The command that runs a program with those privileges. */
export function commandWith(
  privileges: Privileges,
  program: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  switch (privileges.kind) {
    case 'same-user':
      return [program, args];
    case 'user-namespace':
      return ['unshare', [...namespace, program, ...args]];
    case 'other-user': {
      const { uid, gid } = privileges;
      // The binaries and the data may lie below a 0700 home of root, where another user gets only with this capability.
      const reach = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
      return ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...reach, program, ...args]];
    }
    default:
      return privileges satisfies never;
  }
}

function findUser(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(one => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
