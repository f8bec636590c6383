import { type WaitSettings, waitSettings } from '../../shared/winre/agent-settings.ts';
import { defaultWaits } from '../../shared/winre/recovery-settings.ts';
import type { Host } from '../host/host.ts';
import { readJsonFile, stateFolderOn } from './state-folder.ts';

/** How long the agent waits here, and who says so. */
export interface Waits extends WaitSettings {
  readonly from: 'document' | 'windows' | 'default';
}

/**
 * Bootmend's own document wins; then come the minutes that Windows' quick machine recovery has on this machine, as a
 * healthy Windows noted them, since reagentc does not tell them here; then what Microsoft takes.
 */
export function readWaits(host: Host, root: string | undefined, document: WaitSettings | undefined): Waits {
  if (document) return { ...document, from: 'document' };
  const noted = root === undefined ? undefined : readJsonFile(host, stateFolderOn(root).waits, waitSettings);
  return noted?.kind === 'value' ? { ...noted.value, from: 'windows' } : { ...defaultWaits, from: 'default' };
}
