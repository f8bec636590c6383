import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';
import { agentBuild } from '../../core/agent-build.ts';
import { DeviceMemory } from '../../core/device-memory.ts';
import { readJsonFile, stateFolderOn } from '../../core/state-folder.ts';
import { testReport } from '../../core/test-mode.ts';
import type { Host } from '../../host/host.ts';
import { type ListedDriver, listMachineDrivers, newDrivers } from '../machine-drivers.ts';
import { readProvisionRecord } from '../provision-record.ts';
import { hasStartupTask } from '../startup-task.ts';
import { findingOf } from './finding.ts';

const dayMs = 86_400_000;
/** A path that was proven half a year ago has met two feature updates since. */
const testIsFreshMs = 90 * dayMs;
const provision = 'bootmend provision --bundle FILE';
const test = 'bootmend test --restart';

export function findProvision(host: Host, root: string): ReadinessFinding {
  const { good, bad } = findingOf('agent-in-image', 20);
  const record = readProvisionRecord(host, root);
  if (record.kind === 'damaged')
    return bad(
      'provision.json is damaged.',
      'Take the agent out and put it in again.',
      'bootmend unprovision',
    );
  if (record.kind === 'absent') return bad('WinRE has no agent.', 'Put it in.', provision);
  const { state, agentVersion } = record.value;
  if (state === 'changing') return bad('Provisioning was cut off.', 'Run it again.', provision);
  const found = `Agent ${agentVersion} is in WinRE.`;
  return agentVersion === agentBuild.version
    ? good(found)
    : bad(found, `Put ${agentBuild.version} in.`, provision);
}

/** Without its own storage or network driver the recovery environment sees no disk, or no server. */
export async function findDrivers(host: Host, root: string): Promise<ReadinessFinding> {
  const { good, bad, unknown } = findingOf('drivers-in-image', 10);
  const record = readProvisionRecord(host, root);
  if (record.kind !== 'value')
    return unknown('No drivers were looked for yet.', 'Provisioning looks for them.', provision);
  const listed = await listMachineDrivers(host);
  if (!listed.ok)
    return unknown('DISM does not tell the drivers of this machine.', 'Look into dism.log for the reason.');
  const { drivers, driversLeftOut } = record.value;
  const came = newDrivers(listed.value, record.value);
  if (came.length > 0)
    return bad(
      `Came to this machine since, and not in WinRE: ${wordsOf(came)}.`,
      'confirm puts them in after Windows ran and stopped well with them; or do it now.',
      provision,
    );
  const leftOut = listed.value.filter(({ name }) => driversLeftOut.includes(name));
  if (leftOut.length > 0)
    return bad(
      `Too large for WinRE, or not taken: ${wordsOf(leftOut)}.`,
      'See whether WinRE reaches disk and server without them.',
      test,
    );
  return good(drivers.length === 0 ? 'Windows’ own drivers serve this machine.' : wordsOf(drivers));
}

const wordsOf = (some: readonly Pick<ListedDriver, 'name' | 'className'>[]) =>
  some.map(({ name, className }) => `${name} (${className})`).join(', ');

export function findEnrolment(host: Host, root: string): ReadinessFinding {
  const { good, bad } = findingOf('enrolled', 15);
  const loaded = DeviceMemory.load(host, root);
  if (!loaded.ok)
    return bad(loaded.problem.message, 'Make this machine known.', 'bootmend enrol --bundle FILE');
  const { state, servers } = loaded.memory.device;
  if (state === 'pending')
    return bad(
      'Enrolled, waiting for a person to accept it.',
      'Accept it in the console, on its page under Devices.',
    );
  const hasAddress = servers.some(one => /^https:\/\/(\d{1,3}(\.\d{1,3}){3}|\[)/.test(one));
  const by = hasAddress ? 'names and addresses' : 'names only; add a literal address for the day DNS is down';
  return good(`Enrolled; the server is known by ${by}.`);
}

/** Neither good nor bad: what the admin of the machine decided. */
export function findPrograms(host: Host, root: string): ReadinessFinding {
  const { good, unknown } = findingOf('programs-allowed', 0);
  const loaded = DeviceMemory.load(host, root);
  if (!loaded.ok) return unknown(loaded.problem.message, 'Make this machine known first.');
  const { programs = [] } = loaded.memory.device;
  const names = programs.map(({ path }) => path).join(', ');
  const found = names === '' ? 'Scripts may run no program here.' : `Scripts may run ${names}.`;
  return { ...good(found), programs };
}

export async function findTask(host: Host): Promise<ReadinessFinding> {
  const { good, bad } = findingOf('confirm-task', 5);
  return (await hasStartupTask(host))
    ? good('confirm runs at every start.')
    : bad(
        'confirm does not run, so no repair counts as healed.',
        'Provisioning registers its task again.',
        provision,
      );
}

export function findClock(host: Host, root: string): ReadinessFinding {
  const { good, bad } = findingOf('clock', 2);
  const loaded = DeviceMemory.load(host, root);
  const floorMs = loaded.ok ? loaded.memory.timeFloorMs : Date.parse(agentBuild.builtAt);
  return host.clock.wallMs() >= floorMs
    ? good('The clock is plausible.')
    : bad(
        `The clock stands before ${new Date(floorMs).toISOString()}.`,
        'Set it by the time service.',
        'w32tm /resync',
      );
}

/** When the whole path last worked here; undefined when never, or too long ago. */
export function provenAt(host: Host, root: string): number | undefined {
  const read = readJsonFile(host, stateFolderOn(root).lastTest, testReport);
  if (read.kind !== 'value' || !read.value.ok) return undefined;
  const { atWallMs } = read.value;
  return host.clock.wallMs() - atWallMs <= testIsFreshMs ? atWallMs : undefined;
}

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export function findTest(host: Host, root: string): ReadinessFinding {
  const { good, bad } = findingOf('tested', 5);
  const read = readJsonFile(host, stateFolderOn(root).lastTest, testReport);
  const advice = 'Let the next start go through it and come back.';
  if (read.kind !== 'value') return bad('The whole path was never tested here.', advice, test);
  const { ok, problem, atWallMs } = read.value;
  if (!ok)
    return bad(
      `The last test failed in ${problem?.phase}: ${problem?.code}.`,
      problem?.message ?? advice,
      test,
    );
  return provenAt(host, root) === undefined
    ? bad(`The last test was on ${dayOf(atWallMs)}.`, advice, test)
    : good(`The whole path worked on ${dayOf(atWallMs)}.`);
}
