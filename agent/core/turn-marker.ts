import * as z from 'zod/mini';
import { code } from '../../shared/wire/primitives.ts';
import { type Host, HostError } from '../host/host.ts';
import { type ReadState, readJsonFile, stateFolderOn, writeJsonFile } from './state-folder.ts';

/** `turn.json`: a healthy Windows asked for the next start of the recovery environment. */
export const turnMarker = z.object({
  version: z.literal(1),
  kind: z.enum(['marker', 'test-mode']),
  /** Why, as `crash-loop-after-logon`. */
  reason: code,
});
/** Any volume may hold one, and each is looked at before the menu may come. */
const maxMarkerBytes = 4096;
export type TurnMarker = z.infer<typeof turnMarker>;

export const readTurnMarker = (host: Host, root: string): ReadState<TurnMarker> =>
  readJsonFile(host, stateFolderOn(root).turn, turnMarker, maxMarkerBytes);

/** Says that the next start of the recovery environment is ours; durable when this returns. */
export function setTurnMarker(host: Host, root: string, marker: Omit<TurnMarker, 'version'>): void {
  writeJsonFile(host, stateFolderOn(root).turn, { version: 1, ...marker });
}

/** Takes the marker away, durably. A volume that takes no writes keeps it; the run goes on without. */
export function clearTurnMarker(host: Host, root: string): void {
  const { turn } = stateFolderOn(root);
  try {
    if (!host.files.find(turn)) return;
    host.files.remove(turn);
    host.files.flush(turn);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}
