import { imageSettings } from '../../../shared/winre/agent-settings.ts';
import { readJsonFile, stateFolderOn } from '../../core/state-folder.ts';
import { isSamePath, joinPath } from '../../core/windows-path.ts';
import { type Host, HostError } from '../../host/host.ts';
import { copyFile, readWholeFile, replaceFile } from '../file-work.ts';
import { runProvision } from '../run-provision.ts';
import { installedAgentOn, nextAgentOn, registerStartupTask } from '../startup-task.ts';
import { type Done, done, failed } from '../windows-tools.ts';
import { readUpdateRecord, type UpdateRecord, writeUpdateRecord } from './update-record.ts';

const mostAgentBytes = 16 * 1024 * 1024;
const mostTries = 3;

/** What became of an update that was waiting; `none`: there was nothing to do. */
export type Settled = 'none' | 'installed' | 'failed';

/** Who runs: its version and its own file; `afterUpdate`: the newer agent had its turn before. */
export interface RunningAgent {
  readonly version: string;
  readonly path: string;
  readonly afterUpdate: boolean;
}

/**
 * The newer agent takes over: itself in the place of the installed one, then in the image of the recovery environment.
 * Whatever fails, the older one is back in both. When the newer one never came so far, the older one, which runs after
 * it, takes everything back.
 */
export async function settleUpdate(host: Host, root: string, running: RunningAgent): Promise<Settled> {
  const known = readUpdateRecord(host, root);
  if (known.kind !== 'value') return 'none';
  const record = known.value;
  if (record.state !== 'trying') {
    removeLeftovers(host, root, running);
    return 'none';
  }
  if (running.version === record.to) return takeOver(host, root, record, running);
  if (running.version !== record.from || !running.afterUpdate) return 'none';
  return takeBack(host, root, record, running, 'new-agent-did-not-run');
}

async function takeOver(
  host: Host,
  root: string,
  record: UpdateRecord,
  running: RunningAgent,
): Promise<Settled> {
  const { tries, sha256 } = record;
  if (tries >= mostTries) return takeBack(host, root, record, running, 'new-agent-did-not-finish');
  const trying = { ...record, tries: tries + 1 };
  writeUpdateRecord(host, root, trying);
  const agent = readWholeFile(host, running.path, mostAgentBytes);
  if (!agent || host.files.hash(running.path) !== sha256)
    return takeBack(host, root, trying, running, 'agent-file-changed');
  const installed = installedAgentOn(root);
  let placed: Done;
  try {
    if (host.files.find(installed) && host.files.hash(installed) !== sha256) {
      copyFile(host, installed, previousAgentOn(root));
      replaceFile(host, installed, agent);
    }
    placed = await putIntoImage(host, root, agent);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    placed = failed(error.failure.code, error.message);
  }
  if (!placed.ok) return takeBack(host, root, trying, running, placed.problem.code);
  writeUpdateRecord(host, root, { ...trying, state: 'installed' });
  removeLeftovers(host, root, running);
  return 'installed';
}

/** The image of this machine with another agent, where the machine is provisioned; the task starts the installed one. */
async function putIntoImage(host: Host, root: string, agent: Uint8Array): Promise<Done> {
  const settings = readJsonFile(host, stateFolderOn(root).imageSettings, imageSettings);
  if (settings.kind !== 'value') return await registerStartupTask(host, root);
  const say = () => undefined;
  const provisioned = await runProvision(host, { root, agent, settings: settings.value, say });
  return provisioned.ok ? done : provisioned;
}

async function takeBack(
  host: Host,
  root: string,
  record: UpdateRecord,
  running: RunningAgent,
  code: string,
): Promise<Settled> {
  const [installed, previous] = [installedAgentOn(root), previousAgentOn(root)];
  const older = readWholeFile(host, previous, mostAgentBytes);
  if (older && host.files.find(installed) && host.files.hash(installed) === record.sha256) {
    // A program that runs can be renamed, never replaced.
    if (isSamePath(running.path, installed))
      host.files.rename(installed, failedAgentOn(root), { replace: true });
    replaceFile(host, installed, older);
  }
  const agent = readWholeFile(host, installed, mostAgentBytes);
  if (agent) await putIntoImage(host, root, agent);
  await registerStartupTask(host, root);
  writeUpdateRecord(host, root, { ...record, state: 'failed', code });
  removeLeftovers(host, root, running);
  return 'failed';
}

const previousAgentOn = (root: string) =>
  joinPath(root, 'Program Files', 'Bootmend', 'bootmend-previous.exe');
const failedAgentOn = (root: string) => joinPath(root, 'Program Files', 'Bootmend', 'bootmend-failed.exe');

/** Programs that are not needed any more, but for the one that runs. */
function removeLeftovers(host: Host, root: string, { path }: RunningAgent): void {
  for (const file of [nextAgentOn(root), previousAgentOn(root), failedAgentOn(root)]) {
    if (isSamePath(file, path) || !host.files.find(file)) continue;
    try {
      host.files.remove(file);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }
}
