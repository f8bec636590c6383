import type { Hive } from '../../shared/registry/hive.ts';
import { type BootConfiguration, readBootConfiguration } from '../../shared/registry/boot-configuration.ts';
import { recoverHive } from '../../shared/registry/recover-hive.ts';
import { type Readiness, type ReadinessFinding, scoreOf } from '../../shared/wire/readiness.ts';
import { agentBuild } from '../core/agent-build.ts';
import { readRecoveryKeyIds, readBitLocker } from '../core/bitlocker.ts';
import { hostSource } from '../core/collect/host-source.ts';
import { DeviceMemory } from '../core/device-memory.ts';
import { listWifiNetworks } from '../core/network/wifi-networks.ts';
import { readJsonFile, stateFolderOn } from '../core/state-folder.ts';
import { testReport } from '../core/test-mode.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { listMachineDrivers, newDrivers } from './machine-drivers.ts';
import { readProvisionRecord } from './provision-record.ts';
import { readRecoveryEnvironment } from './recovery-environment.ts';
import { hasStartupTask } from './startup-task.ts';
import { readUpdateRecord } from './update/update-record.ts';
import { runTool } from './windows-tools.ts';

const dayMs = 86_400_000;
/** A path that was proven half a year ago has met two feature updates since. */
const testIsFreshMs = 90 * dayMs;

/** Looks at everything that decides whether this machine could be healed hands-free, and what to do about it. */
export async function readReadiness(host: Host, root: string): Promise<Readiness> {
  const findings = [
    findEnvironment(host, root),
    findProvision(host, root),
    await findDrivers(host, root),
    findEnrolment(host, root),
    findPrograms(host, root),
    await findTask(host),
    ...(await findBootPolicy(host, root)),
    ...(await findBitLocker(host, root)),
    await findCrashSettings(host),
    findWifi(host, root),
    findClock(host, root),
    findTest(host, root),
  ];
  const { name, serial, smbiosId } = host.machine.readIdentity();
  const device = {
    name,
    ...(serial !== undefined && { serial }),
    ...(smbiosId !== undefined && { smbiosId }),
  };
  const update = readUpdateRecord(host, root);
  const ended = update.kind === 'value' && update.value.state !== 'trying' ? update.value : undefined;
  return {
    version: 1,
    agentVersion: agentBuild.version,
    device,
    score: scoreOf(findings),
    findings,
    ...(ended && {
      release: {
        number: ended.number,
        state: ended.state === 'failed' ? 'failed' : 'installed',
        ...(ended.code !== undefined && { code: ended.code }),
      },
    }),
  };
}

const good = (code: string, weight: number, found: string): ReadinessFinding => ({
  code,
  state: 'good',
  weight,
  found,
});
const bad = (code: string, weight: number, found: string, advice: string): ReadinessFinding => ({
  code,
  state: 'bad',
  weight,
  found,
  advice,
});
const unknown = (code: string, weight: number, found: string): ReadinessFinding => ({
  code,
  state: 'unknown',
  weight,
  found,
});

function findEnvironment(host: Host, root: string): ReadinessFinding {
  const environment = readRecoveryEnvironment(host, root);
  if (!environment) return unknown('winre-on', 20, 'ReAgent.xml cannot be read.');
  return environment.isEnabled === true
    ? good('winre-on', 20, 'WinRE is on.')
    : bad('winre-on', 20, 'WinRE is off.', 'reagentc /enable');
}

function findProvision(host: Host, root: string): ReadinessFinding {
  const record = readProvisionRecord(host, root);
  if (record.kind === 'damaged')
    return bad('agent-in-image', 20, 'provision.json is damaged.', 'bootmend unprovision, then provision');
  if (record.kind === 'absent') return bad('agent-in-image', 20, 'WinRE has no agent.', 'bootmend provision');
  const { state, agentVersion } = record.value;
  if (state === 'changing')
    return bad('agent-in-image', 20, 'Provisioning was cut off.', 'bootmend provision');
  return agentVersion === agentBuild.version
    ? good('agent-in-image', 20, `Agent ${agentVersion} is in WinRE.`)
    : bad(
        'agent-in-image',
        20,
        `Agent ${agentVersion} is in WinRE.`,
        `bootmend provision, for ${agentBuild.version}`,
      );
}

/** Without its own storage or network driver the recovery environment sees no disk, or no server. */
async function findDrivers(host: Host, root: string): Promise<ReadinessFinding> {
  const record = readProvisionRecord(host, root);
  if (record.kind !== 'value') return unknown('drivers-in-image', 10, 'No drivers were looked for yet.');
  const listed = await listMachineDrivers(host);
  if (!listed.ok) return unknown('drivers-in-image', 10, 'DISM does not tell the drivers of this machine.');
  const { drivers, driversLeftOut } = record.value;
  const wordsOf = (some: readonly { readonly name: string; readonly className: string }[]) =>
    some.map(({ name, className }) => `${name} (${className})`).join(', ');
  const came = newDrivers(listed.value, record.value);
  if (came.length > 0)
    return bad(
      'drivers-in-image',
      10,
      `Came to this machine since, and not in WinRE: ${wordsOf(came)}.`.slice(0, 400),
      'bootmend provision',
    );
  const leftOut = listed.value.filter(({ name }) => driversLeftOut.includes(name));
  if (leftOut.length > 0)
    return bad(
      'drivers-in-image',
      10,
      `Too large for WinRE, or not exported: ${wordsOf(leftOut)}.`.slice(0, 400),
      'bootmend test --restart, to see whether WinRE reaches disk and server without them',
    );
  const found = drivers.length === 0 ? 'Windows’ own drivers serve this machine.' : wordsOf(drivers);
  return good('drivers-in-image', 10, found.slice(0, 400));
}

function findEnrolment(host: Host, root: string): ReadinessFinding {
  const loaded = DeviceMemory.load(host, root);
  if (!loaded.ok) return bad('enrolled', 15, loaded.problem.message, 'bootmend enrol --bundle FILE');
  const { state, servers } = loaded.memory.device;
  const hasAddress = servers.some(one => /^https:\/\/(\d{1,3}(\.\d{1,3}){3}|\[)/.test(one));
  if (state === 'pending')
    return bad(
      'enrolled',
      15,
      'Enrolled, waiting for a person to accept it.',
      'Accept the device in the console.',
    );
  const by = hasAddress ? 'names and addresses' : 'names only; add a literal address for the day DNS is down';
  return good('enrolled', 15, `Enrolled; the server is known by ${by}.`);
}

/** Neither good nor bad: what the admin of the machine decided. */
function findPrograms(host: Host, root: string): ReadinessFinding {
  const loaded = DeviceMemory.load(host, root);
  if (!loaded.ok) return unknown('programs-allowed', 0, loaded.problem.message);
  const { programs = [] } = loaded.memory.device;
  const names = programs.map(({ path }) => path).join(', ');
  const found = names === '' ? 'Scripts may run no program here.' : `Scripts may run ${names}.`;
  return { ...good('programs-allowed', 0, found.slice(0, 500)), programs };
}

async function findTask(host: Host): Promise<ReadinessFinding> {
  return (await hasStartupTask(host))
    ? good('confirm-task', 5, 'confirm runs at every start.')
    : bad('confirm-task', 5, 'confirm does not run, so no repair counts as healed.', 'bootmend provision');
}

/** Whether Windows would come to WinRE by itself. */
async function findBootPolicy(host: Host, root: string): Promise<readonly ReadinessFinding[]> {
  const configuration = await exportBootConfiguration(host, root);
  if (!configuration) return [unknown('failure-policy', 10, 'The boot configuration cannot be read.')];
  const loaders = configuration.loaders.filter(one => !one.windowsPe);
  if (loaders.some(one => one.bootStatusPolicy === 1))
    return [
      bad(
        'failure-policy',
        10,
        'bootstatuspolicy ignores all failures, so WinRE never starts.',
        'bcdedit /set {current} bootstatuspolicy IgnoreShutdownFailures',
      ),
    ];
  if (loaders.some(one => one.recoveryEnabled === false))
    return [
      bad(
        'failure-policy',
        10,
        'recoveryenabled is off, so WinRE never starts.',
        'bcdedit /set {current} recoveryenabled yes',
      ),
    ];
  return [good('failure-policy', 10, 'Failed starts lead to WinRE.')];
}

async function exportBootConfiguration(host: Host, root: string): Promise<BootConfiguration | undefined> {
  const folder = stateFolderOn(root).path;
  host.files.makeDirectory(folder);
  const file = joinPath(folder, 'bcd-export');
  if (host.files.find(file)) host.files.remove(file);
  const exported = await runTool(host, 'bcdedit', '/export', file);
  const entry = host.files.find(file);
  if (!exported.ok || entry?.kind !== 'file') return undefined;
  const recovered = recoverHive(hostSource(host.files, file, entry.sizeBytes), {});
  const hive: Hive | undefined = recovered.ok ? recovered.hive : undefined;
  const configuration = hive && readBootConfiguration(hive);
  // bcdedit leaves logs of the exported hive beside it.
  for (const name of [file, `${file}.LOG`, `${file}.LOG1`, `${file}.LOG2`])
    if (host.files.find(name)) host.files.remove(name);
  return configuration;
}

async function findBitLocker(host: Host, root: string): Promise<readonly ReadinessFinding[]> {
  const lock = await readBitLocker(host, root);
  if (lock === 'unknown') return [unknown('bitlocker', 5, 'manage-bde does not tell.')];
  if (lock === 'none') return [good('bitlocker', 5, 'The volume is not encrypted.')];
  if (lock === 'suspended')
    return [
      bad(
        'bitlocker',
        5,
        'Encrypted, and the protection is suspended: whoever has the disk can read it.',
        'manage-bde -protectors -enable C:, unless an update is under way',
      ),
    ];
  const ids = await readRecoveryKeyIds(host, root);
  return [
    ids.length > 0
      ? good(
          'bitlocker',
          5,
          `Encrypted; recovery password ${ids.join(', ')}. Check that it is escrowed.`.slice(0, 500),
        )
      : bad(
          'bitlocker',
          5,
          'Encrypted, without a recovery password.',
          'manage-bde -protectors -add C: -RecoveryPassword, then escrow it',
        ),
  ];
}

/** Values and types of the registry are not translated. */
async function findCrashSettings(host: Host): Promise<ReadinessFinding> {
  const queried = await runTool(
    host,
    'reg',
    'query',
    'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl',
  );
  if (!queried.ok) return unknown('crash-settings', 5, 'The crash settings cannot be read.');
  const number = (name: string) => {
    const match = new RegExp(`^\\s+${name}\\s+REG_DWORD\\s+0x([0-9a-f]{1,8})\\s*$`, 'im').exec(queried.value);
    return match ? Number.parseInt(match[1]!, 16) : undefined;
  };
  const set = 'reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl /t REG_DWORD /f';
  if (number('AutoReboot') === 0)
    return bad('crash-settings', 5, 'Windows stays on the blue screen.', `${set} /v AutoReboot /d 1`);
  return number('CrashDumpEnabled') === 0
    ? bad('crash-settings', 5, 'Windows writes no dump.', `${set} /v CrashDumpEnabled /d 7`)
    : good('crash-settings', 5, 'Windows writes a dump and restarts.');
}

function findWifi(host: Host, root: string): ReadinessFinding {
  const networks = listWifiNetworks(host, root);
  return networks.length > 0
    ? good('wifi', 3, `Wi-Fi in WinRE: ${networks.map(({ ssid }) => ssid).join(', ')}`.slice(0, 500))
    : bad(
        'wifi',
        3,
        'No Wi-Fi is known in WinRE; it needs Ethernet there.',
        'bootmend wifi FILE.xml, with a network that has a password; 802.1X does not work in WinRE',
      );
}

function findClock(host: Host, root: string): ReadinessFinding {
  const loaded = DeviceMemory.load(host, root);
  const floorMs = loaded.ok ? loaded.memory.timeFloorMs : Date.parse(agentBuild.builtAt);
  const nowMs = host.clock.wallMs();
  return nowMs >= floorMs
    ? good('clock', 2, 'The clock is plausible.')
    : bad('clock', 2, `The clock stands before ${new Date(floorMs).toISOString()}.`, 'w32tm /resync');
}

function findTest(host: Host, root: string): ReadinessFinding {
  const read = readJsonFile(host, stateFolderOn(root).lastTest, testReport);
  if (read.kind !== 'value')
    return bad('tested', 5, 'The whole path was never tested here.', 'bootmend test --restart');
  const { ok, problem, atWallMs } = read.value;
  if (!ok)
    return bad(
      'tested',
      5,
      `The last test failed in ${problem?.phase}: ${problem?.code}.`,
      problem?.message ?? '',
    );
  const ageMs = host.clock.wallMs() - atWallMs;
  const day = new Date(atWallMs).toISOString().slice(0, 10);
  return ageMs <= testIsFreshMs
    ? good('tested', 5, `The whole path worked on ${day}.`)
    : bad('tested', 5, `The last test was on ${day}.`, 'bootmend test --restart');
}
