import { agentBuild } from '../core/agent-build.ts';
import { stateFolderOn } from '../core/state-folder.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { copyFile, getFile, removeTree } from './file-work.ts';
import { findDifference, type PlacedFile, placeAgent, removeAutofstx } from './image-content.ts';
import { addDrivers, type ExportedDrivers, type MachineDriver } from './machine-drivers.ts';
import { type ProvisionRecord, writeProvisionRecord } from './provision-record.ts';
import type { Provisioned, ProvisionRequest } from './run-provision.ts';
import {
  closeLeftImage,
  disableRecovery,
  enableRecovery,
  fingerprintOf,
  isToldByWindows,
  type MountWay,
  stagedImageOn,
  withMountedImage,
} from './recovery-environment.ts';
import { type Done, done, failed, type ProvisionProblem } from './windows-tools.ts';

/** Folders of a change, all of them gone when it is over. */
export interface ChangePlaces {
  readonly scratch: string;
  readonly mount: string;
  readonly drivers: string;
}

export function changePlacesOn(root: string): ChangePlaces {
  const scratch = joinPath(stateFolderOn(root).path, 'scratch');
  return { scratch, mount: joinPath(scratch, 'mount'), drivers: joinPath(scratch, 'drivers') };
}

type Edited = Pick<Provisioned, 'files' | 'autofstx'>;

/** One change of the image of this Windows, from turning WinRE off to the readback, with a way back at every step. */
export class ImageChange {
  readonly #host: Host;
  readonly #request: ProvisionRequest;
  readonly #places: ChangePlaces;
  readonly #exported: ExportedDrivers;
  #record: ProvisionRecord | undefined;

  constructor(host: Host, request: ProvisionRequest, exported: ExportedDrivers) {
    this.#host = host;
    this.#request = request;
    this.#exported = exported;
    this.#places = changePlacesOn(request.root);
  }

  async run(before: ProvisionRecord | undefined): Promise<Done<Provisioned>> {
    const { root, say } = this.#request;
    const { drivers, leftOut } = this.#exported;

    say('Turning the recovery environment off, so that its image can be copied.');
    const disabled = await disableRecovery(this.#host, root);
    if (!disabled.ok) return disabled;
    const kept = this.#keepOriginal(before);
    if (!kept.ok) return kept;

    const way = await this.#chooseWay();
    if (!way.ok) return way;
    say('Putting the agent and the drivers of this machine into the image.');
    const edited = await withMountedImage(this.#host, root, way.value, this.#places.mount, 'commit', () =>
      this.#edit(drivers),
    );
    if (!edited.ok) return edited;

    say('Turning the recovery environment off and on, so that BitLocker trusts the new image.');
    const off = await disableRecovery(this.#host, root);
    if (!off.ok) return off;
    const image = this.#describeImage();
    const on = await enableRecovery(this.#host, root);
    if (!on.ok) return on;
    say('Reading the image back.');
    const same = await this.readBack(edited.value.files, way.value);
    if (!same.ok) return same;
    const told = await isToldByWindows(this.#host);
    if (!told.ok) return told;

    writeProvisionRecord(this.#host, root, {
      ...this.#getRecord(),
      state: 'provisioned',
      files: [...edited.value.files],
      image,
      madeFor: fingerprintOf(this.#host, root),
    });
    removeTree(this.#host, this.#places.scratch);
    return {
      ok: true,
      value: {
        changed: true,
        ...edited.value,
        drivers,
        driversLeftOut: leftOut,
        way: way.value,
        imageBytes: image.sizeBytes,
      },
    };
  }

  /** Compares what is in the image now with what was put there. */
  async readBack(files: readonly PlacedFile[], way: MountWay): Promise<Done> {
    const { root } = this.#request;
    // DISM can open the image only where it lies while WinRE is off.
    if (way === 'dism') {
      const off = await disableRecovery(this.#host, root);
      if (!off.ok) return off;
    }
    const compared = await withMountedImage(
      this.#host,
      root,
      way,
      this.#places.mount,
      'discard',
      async () => {
        const difference = findDifference(this.#host, this.#places.mount, files);
        return difference ? failed(difference.code, difference.message) : done;
      },
    );
    if (way === 'dism') {
      const on = await enableRecovery(this.#host, root);
      if (!on.ok) return on;
    }
    return compared;
  }

  /** Brings the original image back after a failure, and says so. */
  async rollBack(
    problem: ProvisionProblem,
  ): Promise<{ readonly ok: false; readonly problem: ProvisionProblem }> {
    const { root } = this.#request;
    await closeLeftImage(this.#host, this.#places.mount);
    const back = this.#record
      ? await bringOriginalBack(this.#host, root, this.#record)
      : await enableRecovery(this.#host, root);
    removeTree(this.#host, this.#places.scratch);
    return back.ok
      ? failed(problem.code, `${problem.message} The recovery environment is as it was before Bootmend.`)
      : failed(
          problem.code,
          `${problem.message} Bringing the original back failed, too: ${back.problem.message}`,
        );
  }

  /** Copies the image before Bootmend first touches it; a later change keeps the first copy. */
  #keepOriginal(before: ProvisionRecord | undefined): Done {
    const { drivers, leftOut } = this.#exported;
    const { root } = this.#request;
    const { files } = this.#host;
    const [image, kept] = [stagedImageOn(root), stateFolderOn(root).originalImage];
    const isOurs = before?.image !== undefined && files.hash(image) === before.image.sha256;
    if (!isOurs || !files.find(kept)) copyFile(this.#host, image, kept);
    const original = { sizeBytes: getFile(this.#host, kept).sizeBytes, sha256: files.hash(kept) };
    if (!isOurs && original.sha256 !== files.hash(image))
      return failed('copy-differs', 'The copy of the image is not what was copied; the disk may be failing.');
    this.#record = {
      version: 1,
      state: 'changing',
      agentVersion: agentBuild.version,
      files: [],
      drivers: drivers.map(({ name, className, sizeBytes }) => ({ name, className, sizeBytes })),
      driversLeftOut: [...leftOut],
      original,
    };
    writeProvisionRecord(this.#host, root, this.#record);
    return done;
  }

  /** Microsoft's way when this build has it, DISM otherwise; WinRE is on after it for the one, off for the other. */
  async #chooseWay(): Promise<Done<MountWay>> {
    const { root } = this.#request;
    const on = await enableRecovery(this.#host, root);
    if (!on.ok) return on;
    const probed = await withMountedImage(
      this.#host,
      root,
      'reagentc',
      this.#places.mount,
      'discard',
      async () => done,
    );
    if (probed.ok) return { ok: true, value: 'reagentc' };
    const off = await disableRecovery(this.#host, root);
    return off.ok ? { ok: true, value: 'dism' } : off;
  }

  async #edit(drivers: readonly MachineDriver[]): Promise<Done<Edited>> {
    const { agent, settings } = this.#request;
    const { mount } = this.#places;
    const files = placeAgent(this.#host, mount, agent, settings);
    const added = await addDrivers(this.#host, mount, drivers);
    if (!added.ok) return added;
    const autofstx = removeAutofstx(this.#host, mount);
    return autofstx.ok ? { ok: true, value: { files, autofstx: autofstx.value } } : autofstx;
  }

  #describeImage(): { readonly sizeBytes: number; readonly sha256: string } {
    const image = stagedImageOn(this.#request.root);
    return { sizeBytes: getFile(this.#host, image).sizeBytes, sha256: this.#host.files.hash(image) };
  }

  #getRecord(): ProvisionRecord {
    if (!this.#record) throw new Error('the original image was not kept');
    return this.#record;
  }
}

/** Puts the image that was there before Bootmend back, byte for byte, and turns WinRE on with it. */
export async function bringOriginalBack(
  host: Host,
  root: string,
  { original }: Pick<ProvisionRecord, 'original'>,
): Promise<Done> {
  const [image, kept] = [stagedImageOn(root), stateFolderOn(root).originalImage];
  if (host.files.find(kept)?.kind !== 'file' || host.files.hash(kept) !== original.sha256)
    return failed('original-missing', 'The copy of the original image is not there, or is not what it was.');
  const off = await disableRecovery(host, root);
  // Without an image in its place the copy is the cure, not a reason to stop.
  if (!off.ok && off.problem.code !== 'winre-image-missing') return off;
  copyFile(host, kept, image);
  if (host.files.hash(image) !== original.sha256)
    return failed('copy-differs', 'The original image could not be put back; the disk may be failing.');
  const on = await enableRecovery(host, root);
  if (!on.ok) return on;
  const { provision } = stateFolderOn(root);
  if (host.files.find(provision)) host.files.remove(provision);
  return done;
}
