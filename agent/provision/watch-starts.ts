import * as z from 'zod/mini';
import { readBootStatus } from '../../shared/bootlog/read-boot-status.ts';
import { readJsonFile, stateFolderOn, writeJsonFile } from '../core/state-folder.ts';
import { clearTurnMarker, readTurnMarker, setTurnMarker } from '../core/turn-marker.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { readWholeFile } from './file-work.ts';
import { runTool } from './windows-tools.ts';

const startRecord = z.object({
  version: z.literal(1),
  /** Windows' own number of the start that was seen last. */
  newest: z.int(),
  /** Starts that followed a stop out of order, newest last. */
  unexpectedAtMs: z.array(z.int()).check(z.maxLength(16)),
});

/** This many starts out of order, within this time, are a crash loop; a person who pulls the plug is not. */
export const loopStarts = 3;
export const loopMs = 30 * 60_000;
const reason = 'crash-loop-after-logon';

/**
 * `in-order`: a new start, after a stop in order. `nothing`: the start that was seen before. `armed`: the next start goes
 * to the recovery environment, with our marker. `disarmed`: Windows ran long enough since.
 */
export type StartsSeen =
  'unknown' | 'in-order' | 'nothing' | 'unexpected' | 'armed' | 'disarmed' | 'not-armed';

/**
 * Windows takes back its own failure flag before logon, so a machine that crashes three minutes later never comes to
 * WinRE. This counts such starts, at each of them, and asks for the recovery environment when they become a loop.
 */
export async function watchStarts(host: Host, root: string): Promise<StartsSeen> {
  const bytes = readWholeFile(host, joinPath(root, 'Windows', 'bootstat.dat'), 128 * 1024);
  const read = bytes && readBootStatus(bytes);
  const status = read?.ok ? read.log.status : undefined;
  if (!status || status.startNumber === null || status.lastCleanStopNumber === null) return 'unknown';
  const { startNumber, lastCleanStopNumber } = status;
  const place = stateFolderOn(root).starts;
  const known = readJsonFile(host, place, startRecord);
  const before = known.kind === 'value' ? known.value : undefined;
  const nowMs = host.clock.wallMs();
  if (before?.newest === startNumber) return disarmWhenCalm(host, root, before.unexpectedAtMs.at(-1), nowMs);

  // The start before this one ended in order when its number is the one Windows noted at its end.
  const isUnexpected = before !== undefined && lastCleanStopNumber < startNumber - 1;
  const earlier = (before?.unexpectedAtMs ?? []).filter(at => at <= nowMs && nowMs - at < loopMs);
  const unexpectedAtMs = isUnexpected ? [...earlier, nowMs].slice(-16) : earlier;
  host.files.makeDirectory(stateFolderOn(root).path);
  writeJsonFile(host, place, { version: 1, newest: startNumber, unexpectedAtMs });
  if (!isUnexpected) return 'in-order';
  if (unexpectedAtMs.length < loopStarts) return 'unexpected';
  setTurnMarker(host, root, { kind: 'marker', reason });
  const armed = await runTool(host, 'reagentc', '/boottore');
  if (armed.ok) return 'armed';
  clearTurnMarker(host, root);
  return 'not-armed';
}

/** A machine that runs calmly since is not sent to the recovery environment at its next restart. */
async function disarmWhenCalm(
  host: Host,
  root: string,
  lastAtMs: number | undefined,
  nowMs: number,
): Promise<StartsSeen> {
  const marker = readTurnMarker(host, root);
  const isOurs = marker.kind === 'value' && marker.value.reason === reason;
  if (!isOurs || lastAtMs === undefined || nowMs - lastAtMs < loopMs) return 'nothing';
  clearTurnMarker(host, root);
  await runTool(host, 'bcdedit', '/deletevalue', '{bootmgr}', 'bootsequence');
  return 'disarmed';
}
