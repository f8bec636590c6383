import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readPortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import { startAgentFirst } from '../../../shared/winre/agent-app.ts';
import { imagePlaces, type ImageSettings } from '../../../shared/winre/agent-settings.ts';
import { readLaunchFile, recoveryMenu, writeLaunchFile } from '../../../shared/winre/launch-file.ts';
import { type Architecture, findImageFile, readArchitecture, sha256Of } from './inspect-image.ts';
import { addImageFiles, type ImageProblem, readImageFile, readImageInfo, verifyImage } from './wimlib.ts';

export interface ImageAddition {
  readonly wim: string;
  readonly index: number;
  readonly agent: Uint8Array;
  readonly settings: ImageSettings;
  /** A signed bundle for machines that find no network. */
  readonly offlineBundle?: Uint8Array;
}

/** What changed: every file with its size, and how much the image grew. */
export interface AddedToImage {
  readonly files: readonly { readonly place: string; readonly sizeBytes: number; readonly isNew: boolean }[];
  readonly sizeBeforeBytes: number;
  readonly sizeAfterBytes: number;
  /** The image as it was before Bootmend first touched it. */
  readonly keptAt: string;
}

export interface AddProblem {
  readonly code:
    | ImageProblem['code']
    | 'agent-not-a-program'
    | 'architecture-mismatch'
    | 'architecture-unknown'
    | 'readback-differs';
  readonly message: string;
}
export type AddResult =
  { readonly ok: true; readonly added: AddedToImage } | { readonly ok: false; readonly problem: AddProblem };

/** Where the image before the first change is kept. */
export const keptPathOf = (wim: string): string => wim.replace(/(\.wim)?$/i, '.before-bootmend.wim');

/**
 * Puts the agent, its settings and a launch file into an image. Everything happens to a copy, which is read back and
 * verified before it takes the place of the old image by one rename; the old one is kept beside it.
 */
export async function addToImage(addition: ImageAddition): Promise<AddResult> {
  const { wim, index, agent } = addition;
  const info = await readImageInfo(wim, index);
  if (!info.ok) return info;
  const architecture = await readArchitecture(wim, index);
  if (!architecture.ok) return architecture;
  const misfit = findMisfit(agent, architecture.value);
  if (misfit) return { ok: false, problem: misfit };

  const content = await contentFor(addition);
  if (!content.ok) return content;
  const work = `${wim}.bootmend-new`;
  const staging = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-image-'));
  try {
    fs.copyFileSync(wim, work);
    const files: Record<string, string> = {};
    content.files.forEach(({ place, bytes }, number) => {
      fs.writeFileSync(path.join(staging, `file-${number}`), bytes);
      files[`file-${number}`] = place;
    });
    const changed = await addImageFiles(path.resolve(work), index, staging, files);
    if (!changed.ok) return changed;
    const problem = await readBack(work, index, content.files);
    if (problem) return { ok: false, problem };
    const sizes = { sizeBeforeBytes: fs.statSync(wim).size, sizeAfterBytes: fs.statSync(work).size };
    const keptAt = keptPathOf(wim);
    if (!fs.existsSync(keptAt)) fs.linkSync(wim, keptAt);
    flush(work);
    fs.renameSync(work, wim);
    const listed = content.files.map(({ place, bytes, isNew }) => ({
      place,
      sizeBytes: bytes.length,
      isNew,
    }));
    return { ok: true, added: { files: listed, ...sizes, keptAt } };
  } finally {
    fs.rmSync(work, { force: true });
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

/** An agent that this image could not start. */
function findMisfit(agent: Uint8Array, wanted: Architecture): AddProblem | undefined {
  const read = readPortableExecutable(memorySource(agent));
  if (!read.ok)
    return { code: 'agent-not-a-program', message: `The agent cannot run: ${read.problem.message}.` };
  if (wanted === read.image.architecture) return undefined;
  if (wanted === 'unknown')
    return {
      code: 'architecture-unknown',
      message: 'The image holds no Windows\\System32\\kernel32.dll that can be read: is it one of Windows?',
    };
  const message = `The image is ${wanted}, the agent ${read.image.architecture}: there is no emulation in it.`;
  return { code: 'architecture-mismatch', message };
}

interface ImageContent {
  readonly place: string;
  readonly bytes: Uint8Array;
  readonly isNew: boolean;
}

/** The files to add. Apps that the image started before stay, behind the agent; the recovery menu is always there. */
async function contentFor(
  addition: ImageAddition,
): Promise<{ ok: true; files: ImageContent[] } | { ok: false; problem: AddProblem }> {
  const { wim, index, agent, settings, offlineBundle } = addition;
  const launchFile = await findImageFile(wim, index, imagePlaces.launchFile);
  if (!launchFile.ok) return launchFile;
  const menu = await findImageFile(wim, index, recoveryMenu.path.slice('X:\\'.length));
  if (!menu.ok) return menu;
  const before = launchFile.value ? readLaunchFile(textOfUtf8(launchFile.value).text) : [];
  const text = (value: string) => new TextEncoder().encode(value);
  const wanted: readonly (readonly [string, Uint8Array | undefined])[] = [
    [imagePlaces.agent, agent],
    [imagePlaces.settings, text(`${JSON.stringify(settings, undefined, 2)}\n`)],
    [imagePlaces.bundle, offlineBundle],
    [imagePlaces.launchFile, text(writeLaunchFile(startAgentFirst(before, menu.value !== undefined)))],
  ];
  const files: ImageContent[] = [];
  for (const [place, bytes] of wanted) {
    if (!bytes) continue;
    const found = await findImageFile(wim, index, place);
    if (!found.ok) return found;
    files.push({ place, bytes, isNew: found.value === undefined });
  }
  return { ok: true, files };
}

async function readBack(
  wim: string,
  index: number,
  files: readonly ImageContent[],
): Promise<AddProblem | undefined> {
  for (const { place, bytes } of files) {
    const read = await readImageFile(wim, index, place);
    if (!read.ok) return read.problem;
    if (sha256Of(read.value) !== sha256Of(bytes))
      return {
        code: 'readback-differs',
        message: `${place} reads back differently; the image is untouched.`,
      };
  }
  const verified = await verifyImage(wim);
  return verified.ok ? undefined : verified.problem;
}

function flush(file: string): void {
  const handle = fs.openSync(file, 'r+');
  fs.fsyncSync(handle);
  fs.closeSync(handle);
}
