import { imagePlaces, type ImageSettings, imageSettings } from '../../shared/winre/agent-settings.ts';
import { type Host, HostError } from '../host/host.ts';
import { readJsonFile } from './state-folder.ts';
import { joinPath } from './windows-path.ts';

/** The drive that WinPE and WinRE give to themselves, and to nothing else. */
export const imageRoot = 'X:\\';

/** The settings beside the agent in the image that runs; undefined when there are none that can be believed. */
export function readImageSettings(host: Host): ImageSettings | undefined {
  try {
    const read = readJsonFile(host, joinPath(imageRoot, imagePlaces.settings), imageSettings);
    return read.kind === 'value' ? read.value : undefined;
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
