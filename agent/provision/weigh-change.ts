import { joinPath, parentPath } from '../core/windows-path.ts';
import type { Host, ImagePlace, ToolResult } from '../host/host.ts';
import { readApplicationControl } from './application-control.ts';
import { removeTree, replaceFile } from './file-work.ts';
import { changePlacesOn } from './image-change.ts';
import { settingsBytesOf } from './image-content.ts';
import { type ExportedDrivers, exportMachineDrivers } from './machine-drivers.ts';
import type { ProvisionRecord } from './provision-record.ts';
import { findImagePlace, leastFreeBytes, mega, stagedImageOn } from './recovery-environment.ts';
import type { ProvisionRequest } from './run-provision.ts';
import { installedAgentOn } from './startup-task.ts';
import { type Done, done, failed } from './windows-tools.ts';

/** What a change of the image puts into it, and the room there is. */
export interface WeighedChange {
  readonly exported: ExportedDrivers;
  /** At most this much more than now; nothing is compressed in it. */
  readonly growthBytes: number;
  /** Undefined while WinRE is off, or where its partition is not found. */
  readonly place: ImagePlace | undefined;
}

/** For Windows to go on, and for an image of which nothing is known. */
const [spareBytes, usualImageBytes] = [1024 ** 3, 350 * 1024 ** 2];
/** The directory of the image and its SYSTEM hive are written anew. */
const rewrittenBytes = 16 * 1024 ** 2;
const trialMs = 60_000;

/**
 * Looks whether a change of the image would get through: policies, room on the Windows volume, drivers with their sizes,
 * room on the partition of the image. Nothing but our own scratch folder is touched, and it is gone when the answer is no.
 */
export async function weighChange(
  host: Host,
  request: ProvisionRequest,
  record: ProvisionRecord | undefined,
): Promise<Done<WeighedChange>> {
  const { scratch } = changePlacesOn(request.root);
  let weighed: Done<WeighedChange>;
  try {
    weighed = await weigh(host, request, record);
  } catch (error) {
    weighed = failed('file-work-failed', error instanceof Error ? error.message : String(error));
  }
  if (!weighed.ok) removeTree(host, scratch);
  return weighed;
}

async function weigh(
  host: Host,
  request: ProvisionRequest,
  record: ProvisionRecord | undefined,
): Promise<Done<WeighedChange>> {
  const { root, agent, settings, leaveOut = [] } = request;
  const place = findImagePlace(host, root);
  const room = checkVolume(host, root, place);
  if (!room.ok) return room;
  const started = await proveStart(host, request);
  if (!started.ok) return started;
  const { drivers: folder } = changePlacesOn(root);
  host.files.makeDirectory(folder);
  const exported = await exportMachineDrivers(host, folder, leaveOut);
  if (!exported.ok) return exported;
  const there = record?.drivers.map(({ name }) => name) ?? [];
  const growthBytes = exported.value.drivers
    .filter(({ name }) => !there.includes(name))
    .reduce(
      (sum, { sizeBytes }) => sum + sizeBytes,
      agent.length + settingsBytesOf(settings).length + rewrittenBytes,
    );
  const fits = place ? checkPartition(place, growthBytes) : done;
  return fits.ok ? { ok: true, value: { exported: exported.value, growthBytes, place } } : fits;
}

/** The copy of the original, the image in System32 and the one that is being written lie there at the same time. */
function checkVolume(host: Host, root: string, place: ImagePlace | undefined): Done {
  const staged = host.files.find(stagedImageOn(root));
  const imageBytes = place?.imageBytes ?? (staged?.kind === 'file' ? staged.sizeBytes : usualImageBytes);
  const neededBytes = spareBytes + 3 * imageBytes;
  const freeBytes = host.files.freeBytes(root);
  return freeBytes === undefined || freeBytes >= neededBytes
    ? done
    : failed(
        'disk-full',
        `${root} has ${mega(freeBytes)} free; provisioning needs ${mega(neededBytes)}. Free some.`,
      );
}

/**
 * The image grows where it lies, and one image lies there at a time: the old one waits on the Windows volume until the
 * readback agrees. Whoever can update WinRE now must still be able to afterwards.
 */
function checkPartition({ freeBytes }: ImagePlace, growthBytes: number): Done {
  const leftBytes = freeBytes - growthBytes;
  if (leftBytes >= (freeBytes >= leastFreeBytes ? leastFreeBytes : 0)) return done;
  const why = leftBytes < 0 ? '' : ` Windows’ own updates of WinRE need ${mega(leastFreeBytes)}.`;
  return failed(
    'recovery-partition-full',
    `The recovery partition has ${mega(freeBytes)} free, and the image grows by up to ${mega(growthBytes)}.${why} Enlarge it as KB5028997 describes.`,
  );
}

/** Where only allowed programs start, the agent has to be one of them, where it will live: it is tried there. */
async function proveStart(host: Host, { root, agent }: ProvisionRequest): Promise<Done> {
  const { kind, by } = await readApplicationControl(host, root);
  if (kind === 'none') return done;
  const folder = parentPath(installedAgentOn(root));
  const wasThere = host.files.find(folder) !== undefined;
  const trial = joinPath(folder, 'bootmend-trial.exe');
  host.files.makeDirectory(folder);
  replaceFile(host, trial, agent);
  const ran = await host.tools.runProgram({ path: trial, arguments: ['status'], timeoutMs: trialMs });
  const isGone = host.files.find(trial) === undefined;
  if (!isGone) host.files.remove(trial);
  if (!wasThere) host.files.remove(folder);
  return ran.kind === 'ended' ? done : startProblem(ran, isGone, folder, by);
}

/** A policy, a virus scanner and a program that is no program ask for three different things of a person. */
function startProblem(
  ran: Exclude<ToolResult, { kind: 'ended' }>,
  isGone: boolean,
  folder: string,
  by: readonly string[],
): Done {
  if (ran.kind === 'timed-out')
    return failed(
      'agent-not-started',
      `The agent was started in ${folder} and did not end within ${trialMs / 1000} s.`,
    );
  const { code, message } = ran.failure;
  if (code === 'tool-missing' || code === 'tool-taken-for-virus' || isGone)
    return failed(
      'agent-taken-away',
      `The agent that was laid into ${folder} was gone before it could start (${message}): a virus scanner takes it away. Except the folder there, or sign the agent.`,
    );
  if (code === 'tool-blocked')
    return failed(
      'agent-blocked',
      `Windows does not start the agent in ${folder}: ${message}. ${by.join(', ')}: sign the agent and allow its signer.`,
    );
  return failed('agent-not-started', `The agent does not start in ${folder}: ${message}.`);
}
