import { imagePlaces } from '../../shared/winre/agent-settings.ts';
import { readLaunchFile } from '../../shared/winre/launch-file.ts';
import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import { agentBuild } from '../core/agent-build.ts';
import { readRecoveryKeyIds, readBitLocker } from '../core/bitlocker.ts';
import { findWindows } from '../core/found-windows.ts';
import { imageRoot, readImageSettings } from '../core/image-settings.ts';
import { waitForAddress } from '../core/network/bring-up-network.ts';
import { initializeNetwork } from '../core/network/network-tools.ts';
import { readStartReason } from '../core/start-reason.ts';
import { stateFolderOn } from '../core/state-folder.ts';
import { joinPath } from '../core/windows-path.ts';
import { type Host, HostError, type ToolName, toolNames } from '../host/host.ts';
import { readWholeFile, removeTree } from './file-work.ts';

/** One claim of docs/not-proven-on-windows.md, as it is on this machine. */
export interface FieldtestResult {
  readonly claim: string;
  /** `seen`: what was found, to be read by a person; nothing is judged. */
  readonly result: 'holds' | 'fails' | 'seen' | 'not-tried';
  readonly details: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

/** What an admin sends to the project: no name, no key, no password. */
export interface Fieldtest {
  readonly format: 'bootmend-fieldtest-1';
  readonly agentVersion: string;
  readonly environment: 'recovery' | 'windows';
  readonly results: readonly FieldtestResult[];
}

type Checked = Pick<FieldtestResult, 'result' | 'details'>;

const libraries = [
  'winhttp.dll',
  'bcrypt.dll',
  'advapi32.dll',
  'schannel.dll',
  'ncrypt.dll',
  'wlanapi.dll',
  'dot3api.dll',
];
/** Called with nothing, each of them prints its help and changes nothing. */
const harmless: readonly ToolName[] = ['bcdedit', 'manage-bde', 'netsh', 'reagentc', 'dism', 'chkdsk'];

/**
 * Tries on this machine what only real Windows can prove, and tells it as one document. It writes nothing but one file
 * of its own on the Windows volume, which it takes away again, and sends nothing.
 */
export async function runFieldtest(host: Host): Promise<Fieldtest> {
  const results: FieldtestResult[] = [];
  const check = async (claim: string, run: () => Promise<Checked> | Checked) => {
    const startedAtMs = host.clock.monotonicMs();
    let checked: Checked;
    try {
      checked = await run();
    } catch (error) {
      const code = error instanceof HostError ? error.failure.code : 'unexpected';
      checked = { result: 'fails', details: { code, message: error instanceof Error ? error.message : '' } };
    }
    results.push({ claim, ...checked, tookMs: Math.round(host.clock.monotonicMs() - startedAtMs) });
  };
  await check('the reason for starting WinRE can be read offline', () => seen({ ...readStartReason(host) }));
  await check('WinRE runs the agent first', () => checkLaunchFile(host));
  await check('the libraries that the agent loads are in this image', () => checkLibraries(host));
  await check('the tools of Windows are in this image', () => checkTools(host));
  await check('the failing Windows is found whatever letters there are', () => checkWindows(host));
  await check('the lock of a volume is read in this language', () => checkLocks(host));
  await check('files can be moved into quarantine and back on the Windows volume', () => checkRename(host));
  await check('dumps, hives and logs are readable where they lie', () => checkEvidence(host));
  await check('the network comes up within the time allowed', () => checkNetwork(host));
  await check('the server answers with a key that is pinned', () => checkServer(host));
  await check('power is told', () => seen({ ...host.machine.readPower() }));
  return {
    format: 'bootmend-fieldtest-1',
    agentVersion: agentBuild.version,
    environment: host.machine.readEnvironment(),
    results,
  };
}

const seen = (details: Readonly<Record<string, unknown>>): Checked => ({ result: 'seen', details });
const judged = (holds: boolean, details: Readonly<Record<string, unknown>>): Checked => ({
  result: holds ? 'holds' : 'fails',
  details,
});
const notTried = (why: string): Checked => ({ result: 'not-tried', details: { why } });

function checkLaunchFile(host: Host): Checked {
  const bytes = readWholeFile(host, joinPath(imageRoot, imagePlaces.launchFile), 65_536);
  const launches = bytes ? readLaunchFile(textOfUtf8(bytes).text).map(({ path }) => path) : [];
  const [first = ''] = launches;
  return judged(first.toLowerCase().endsWith('\\bootmend.exe'), { launches });
}

function checkLibraries(host: Host): Checked {
  const there = libraries.map(
    name => [name, host.files.find(joinPath(systemFolder(host), name))?.kind === 'file'] as const,
  );
  const needed = ['winhttp.dll', 'bcrypt.dll', 'advapi32.dll'];
  return judged(
    there.every(([name, is]) => is || !needed.includes(name)),
    Object.fromEntries(there),
  );
}

const systemFolder = (host: Host) =>
  host.machine.readEnvironment() === 'recovery'
    ? joinPath(imageRoot, 'Windows', 'System32')
    : 'C:\\Windows\\System32';

async function checkTools(host: Host): Promise<Checked> {
  const there = toolNames.map(
    name => [name, host.files.find(joinPath(systemFolder(host), `${name}.exe`))?.kind === 'file'] as const,
  );
  const started: Record<string, string> = {};
  for (const tool of harmless) {
    const result = await host.tools.run({ tool, arguments: ['/?'], timeoutMs: 20_000 });
    started[tool] = result.kind === 'ended' ? `ended ${result.exitCode}` : result.kind;
  }
  return seen({ ...Object.fromEntries(there), started });
}

function checkWindows(host: Host): Checked {
  const found = findWindows(host);
  const volumes = host.machine.listVolumes();
  const named = host.machine.readBootEntryVolume();
  return judged(found.ok, {
    volumes,
    bootEntryNames: named ?? 'unread',
    found: found.ok ? found.windows.root : found.problem.code,
  });
}

async function checkLocks(host: Host): Promise<Checked> {
  const locks: Record<string, unknown> = {};
  for (const { root, bitLocker } of host.machine.listVolumes()) {
    const byTool = await readBitLocker(host, root);
    locks[root] = {
      host: bitLocker,
      byTool,
      recoveryPasswords: (await readRecoveryKeyIds(host, root)).length,
    };
  }
  return seen(locks);
}

function checkRename(host: Host): Checked {
  const found = findWindows(host);
  if (!found.ok) return notTried(found.problem.code);
  const folder = joinPath(stateFolderOn(found.windows.root).path, 'fieldtest');
  const [from, to, name] = ['a', 'b', 'c'].map(one => joinPath(folder, one)) as [string, string, string];
  try {
    host.files.makeDirectory(folder);
    host.files.create(from, Uint8Array.of(1, 2, 3));
    host.files.flush(from);
    const before = host.files.find(from);
    host.files.rename(from, to);
    host.files.link(to, name);
    host.files.rename(to, from);
    const after = host.files.find(from);
    const keeps =
      before?.kind === 'file' && after?.kind === 'file' && before.writtenAtMs === after.writtenAtMs;
    return judged(keeps, { keepsTime: keeps });
  } finally {
    removeTree(host, folder);
  }
}

function checkEvidence(host: Host): Checked {
  const found = findWindows(host);
  if (!found.ok) return notTried(found.problem.code);
  const { root, windowsDirectory } = found.windows;
  const places = {
    pageFile: joinPath(root, 'pagefile.sys'),
    hibernation: joinPath(root, 'hiberfil.sys'),
    system: joinPath(windowsDirectory, 'System32', 'config', 'SYSTEM'),
    software: joinPath(windowsDirectory, 'System32', 'config', 'SOFTWARE'),
    bootStatus: joinPath(windowsDirectory, 'bootstat.dat'),
    startupRepair: joinPath(windowsDirectory, 'System32', 'LogFiles', 'Srt', 'SrtTrail.txt'),
  };
  const details: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(places)) {
    const entry = host.files.find(path);
    // The first eight bytes are a format's mark, as PAGEDU64 or regf; they hold nothing of anybody.
    details[name] =
      entry?.kind === 'file'
        ? { sizeBytes: entry.sizeBytes, mark: markOf(host.files.read(path, 0, 8)) }
        : 'not there';
  }
  return seen(details);
}

const markOf = (bytes: Uint8Array) =>
  [...bytes].map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

async function checkNetwork(host: Host): Promise<Checked> {
  const atMs = () => host.clock.monotonicMs();
  const startedAtMs = atMs();
  const before = host.network.hasAddress();
  const initialized =
    before || host.machine.readEnvironment() === 'windows' ? before : await initializeNetwork(host);
  const end = before ? 'up' : await waitForAddress(host, 60_000, Infinity);
  const up = end === 'up';
  return judged(up, { upBefore: before, initialized, afterMs: Math.round(atMs() - startedAtMs) });
}

async function checkServer(host: Host): Promise<Checked> {
  const settings = readImageSettings(host);
  if (!settings) return notTried('no settings in this image');
  const answers: Record<string, string> = {};
  let holds = false;
  const { proxy } = settings;
  const ways = settings.servers.flatMap(server =>
    proxy === undefined ? [{ server }] : [{ server, proxy }, { server }],
  );
  for (const way of ways) {
    const request = {
      ...way,
      method: 'POST',
      path: '/v1/check-in',
      headers: {},
      body: new Uint8Array(0),
    } as const;
    const result = await host.network.request({ ...request, pins: settings.pins, timeoutMs: 15_000 });
    const name = 'proxy' in way ? `${way.server} through ${way.proxy}` : way.server;
    answers[name] = result.ok ? `status ${result.status}` : result.failure.code;
    holds ||= result.ok;
  }
  return judged(holds, answers);
}
