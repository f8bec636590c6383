import { enforcesOnPrograms, readPolicyOptions } from '../../shared/winre/code-integrity-policy.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { queryNumbers } from './windows-tools.ts';

/** Whether Windows starts only programs that a policy allows, and what says so, or what could not be read. */
export interface ApplicationControl {
  readonly kind: 'none' | 'enforced' | 'unknown';
  readonly by: readonly string[];
}

const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CI\\Policy';
/** The head of a policy stands at the beginning, behind at most a few fields of its signature. */
const headBytes = 1024;

/**
 * S mode, Smart App Control and the policies of Windows Defender Application Control that lie in this Windows. S mode
 * also keeps reg from running; then this is unknown, never none.
 */
export async function readApplicationControl(host: Host, root: string): Promise<ApplicationControl> {
  const enforced: string[] = [];
  const unread: string[] = [];
  const numberOf = await queryNumbers(host, key);
  if (!numberOf) unread.push(key);
  if (numberOf?.('SkuPolicyRequired') === 1) enforced.push('S mode');
  if (numberOf?.('VerifiedAndReputablePolicyState') === 1) enforced.push('Smart App Control');
  const policies = readPolicies(host, root);
  enforced.push(...policies.enforced);
  unread.push(...policies.unread);
  if (enforced.length > 0) return { kind: 'enforced', by: enforced };
  return unread.length > 0 ? { kind: 'unknown', by: unread } : { kind: 'none', by: [] };
}

/** The files of policies that lie in a Windows, at rest or running: those that are enforced on programs, and unreadable ones. */
export function readPolicies(
  host: Host,
  root: string,
): { readonly enforced: readonly string[]; readonly unread: readonly string[]; readonly count: number } {
  const [enforced, unread]: [string[], string[]] = [[], []];
  const paths = policiesIn(host, joinPath(root, 'Windows', 'System32', 'CodeIntegrity'));
  for (const path of paths) {
    const options = readPolicyOptions(host.files.read(path, 0, headBytes));
    if (options === undefined) unread.push(path);
    else if (enforcesOnPrograms(options)) enforced.push(path);
  }
  return { enforced, unread, count: paths.length };
}

function policiesIn(host: Host, folder: string): readonly string[] {
  const active = joinPath(folder, 'CiPolicies', 'Active');
  const single = joinPath(folder, 'SIPolicy.p7b');
  const many = (host.files.list(active) ?? [])
    .filter(({ kind, name }) => kind === 'file' && /\.cip$/i.test(name))
    .map(({ name }) => joinPath(active, name));
  return host.files.find(single)?.kind === 'file' ? [single, ...many] : many;
}
