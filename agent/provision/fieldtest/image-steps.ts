import { textOfUtf16 } from '../../../shared/bytes/utf16.ts';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import { readBootStatus } from '../../../shared/bootlog/read-boot-status.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';
import { readLaunchFile } from '../../../shared/winre/launch-file.ts';
import { readHive } from '../../core/collect/read-hive.ts';
import type { FoundWindows } from '../../core/found-windows.ts';
import { imageRoot } from '../../core/image-settings.ts';
import { readStartReason } from '../../core/start-reason.ts';
import { joinPath, nameOfPath } from '../../core/windows-path.ts';
import { type Host, type ToolName, toolNames } from '../../host/host.ts';
import { readApplicationControl, readPolicies } from '../application-control.ts';
import { readWholeFile } from '../file-work.ts';
import { readRecoveryEnvironment } from '../recovery-environment.ts';
import { type FieldStep, type Found, judged, notTried, onWindows, seen } from './field-step.ts';

const libraries = ['winhttp', 'bcrypt', 'advapi32', 'schannel', 'ncrypt', 'wlanapi', 'dot3api'];
const needed = ['winhttp', 'bcrypt', 'advapi32'];
/** Called with nothing but a question, each of them prints its help and changes nothing. */
const harmless: readonly ToolName[] = ['bcdedit', 'manage-bde', 'netsh', 'reagentc', 'dism', 'chkdsk'];
const helpMs = 20_000;
const decisionMs = 2000;

/** What the image that runs has, and how it came to run. */
export const imageSteps: readonly FieldStep[] = [
  {
    step: 'runs-here',
    claim: 'The agent starts and runs in WinRE',
    run: ({ host }) =>
      host.machine.readEnvironment() === 'recovery'
        ? judged(true, 'it does')
        : notTried('this is a Windows that runs'),
  },
  {
    step: 'start-reason',
    claim: 'Why WinRE was started can be read in two seconds',
    run: ({ host, windows }) => {
      const startedAtMs = host.clock.monotonicMs();
      const reason = readStartReason(host);
      const afterMs = Math.round(host.clock.monotonicMs() - startedAtMs);
      const root = typeof windows === 'string' ? undefined : windows.root;
      const operation = root && readRecoveryEnvironment(host, root)?.scheduledOperation;
      const status = root && readWholeFile(host, joinPath(root, 'Windows', 'bootstat.dat'), 128 * 1024);
      const read = status ? readBootStatus(status) : undefined;
      const { kind, failedStarts } = reason;
      const words = failedStarts === undefined ? kind : `${kind}, ${failedStarts} failed starts`;
      const details = {
        ...reason,
        afterMs,
        scheduledOperation: operation ?? 'unread',
        bootStatus: read?.ok ? (read.log.status ?? 'none') : 'unread',
      };
      return afterMs < decisionMs
        ? seen(words, details)
        : judged(false, `${words}, after ${afterMs} ms`, details);
    },
  },
  {
    step: 'launch-order',
    claim: 'winpeshl.ini starts the agent before the recovery menu',
    run: ({ host }) => checkLaunchOrder(host),
  },
  {
    step: 'libraries',
    claim: 'The libraries that the agent loads are in this image',
    run: ({ host }) => {
      const isThere = (name: string) =>
        host.files.find(joinPath(systemFolder(host), `${name}.dll`))?.kind === 'file';
      const missing = libraries.filter(name => !isThere(name));
      return judged(
        !missing.some(name => needed.includes(name)),
        missing.length === 0 ? 'all' : `without ${missing.join(', ')}`,
        { missing },
      );
    },
  },
  {
    step: 'tools',
    claim: 'The tools of Windows are in this image and start',
    run: async ({ host }) => {
      const missing = toolNames.filter(
        name => host.files.find(joinPath(systemFolder(host), `${name}.exe`))?.kind !== 'file',
      );
      const started: Record<string, string> = {};
      for (const tool of harmless) started[tool] = (await askHelp(host, tool, '/?')).end;
      const words = missing.length === 0 ? 'all' : `without ${missing.join(', ')}`;
      return seen(words, { missing, started });
    },
  },
  {
    step: 'dism-english',
    claim: 'DISM speaks English with /English',
    run: async ({ host }) => {
      const { end, output } = await askHelp(host, 'dism', '/English', '/?');
      if (end === 'failed') return notTried('dism is not in this image');
      const isEnglish = /Deployment Image Servicing and Management tool/.test(output);
      return judged(isEnglish, isEnglish ? 'it does' : `it ${end} and said something else`, { end });
    },
  },
  {
    step: 'application-control',
    claim: 'WinRE starts the agent where a policy is enforced',
    run: onWindows((host, windows) =>
      host.machine.readEnvironment() === 'recovery'
        ? checkPoliciesAtRest(host, windows)
        : checkPolicies(host, windows.root),
    ),
  },
];

/** What this Windows enforces on programs while it runs. */
async function checkPolicies(host: Host, root: string): Promise<Found> {
  const { kind, by } = await readApplicationControl(host, root);
  const words = { none: 'there is none', enforced: `${by.length} enforced`, unknown: 'not to be read' };
  return seen(words[kind], { kind, by: by.map(nameOfPath) });
}

/** The same of a Windows at rest, by its files and its hive: that the agent runs beside it is the proof. */
function checkPoliciesAtRest(host: Host, windows: FoundWindows): Found {
  const { enforced, unread, count } = readPolicies(host, windows.root);
  const { content } = readHive(host, windows, 'SYSTEM', hive => {
    const { path } = readControlSets(hive);
    const reader = new RegistryReader(hive);
    const key = path === null ? undefined : hive.findKey(`${path}\\Control\\CI\\Policy`);
    return ['SkuPolicyRequired', 'VerifiedAndReputablePolicyState'].map(
      name => [name, reader.findNumber(key, name) ?? 'absent'] as const,
    );
  });
  const numbers = Object.fromEntries(content ?? []);
  const details = { policies: count, enforced: enforced.map(nameOfPath), unread: unread.length, ...numbers };
  const isEnforced = enforced.length > 0 || Object.values(numbers).includes(1);
  return isEnforced ? judged(true, 'one is, and this runs', details) : seen('none is enforced', details);
}

function checkLaunchOrder(host: Host): Found {
  if (host.machine.readEnvironment() === 'windows') return notTried('only in the recovery environment');
  const bytes = readWholeFile(host, joinPath(imageRoot, imagePlaces.launchFile), 65_536);
  const launches = bytes
    ? readLaunchFile(textOf(bytes)).map(({ path }) => nameOfPath(path).toLowerCase())
    : [];
  const log = readWholeFile(host, joinPath(imageRoot, 'Windows', 'System32', 'winpeshl.log'), 1024 * 1024);
  // Its lines hold times and paths; the programs in their order are all that is asked.
  const logged = log ? [...textOf(log).matchAll(/[\w-]+\.exe/gi)].map(([name]) => name.toLowerCase()) : [];
  const started = logged.filter((name, at) => name !== logged[at - 1]).slice(0, 32);
  const isFirst = (names: readonly string[]) =>
    names.includes('bootmend.exe') &&
    names.indexOf('bootmend.exe') < (names.indexOf('recenv.exe') + 1 || Infinity);
  const isInOrder = isFirst(launches) && (started.length === 0 || isFirst(started));
  const words = launches.length === 0 ? 'there is no winpeshl.ini' : launches.join(', then ');
  return judged(isInOrder, words, { launches, started: log ? started : 'no winpeshl.log' });
}

const textOf = (bytes: Uint8Array): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? textOfUtf16(bytes.subarray(2)) : textOfUtf8(bytes).text;

const systemFolder = (host: Host) =>
  host.machine.readEnvironment() === 'recovery'
    ? joinPath(imageRoot, 'Windows', 'System32')
    : 'C:\\Windows\\System32';

async function askHelp(host: Host, tool: ToolName, ...args: readonly string[]) {
  const result = await host.tools.run({ tool, arguments: args, timeoutMs: helpMs });
  return result.kind === 'failed'
    ? { end: 'failed', output: '' }
    : { end: result.kind === 'ended' ? `ended ${result.exitCode}` : result.kind, output: result.output };
}
