import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { Envelope } from '../../shared/trust/envelope.ts';
import { openUndoOrder } from '../../shared/trust/open-undo-order.ts';
import { parseUndoneAnswer, type Undone } from '../../shared/wire/undone.ts';
import type { Host } from '../host/host.ts';
import { DeviceMemory } from './device-memory.ts';
import { deviceIdOf } from './device-record.ts';
import { findWindows, type FoundWindows } from './found-windows.ts';
import { findJournal, type Journal } from './journal.ts';
import { postMessage } from './server-client.ts';
import { undoAndClose } from './undo-attempt.ts';

/** What an undo order came to. `not-believed`: nobody is told, since nobody may have asked. */
export type UndoEnd =
  Pick<Undone, 'state' | 'code'> | { readonly state: 'not-believed'; readonly code: string };

/**
 * A healthy Windows takes a past attempt back: byte for byte, by its journal, whose replay obeys the same protected places
 * as in the recovery environment. Doing it again is harmless, so the server asks until it has heard the end.
 */
export async function obeyUndoOrder(host: Host, sealed: Envelope, nonce: string): Promise<UndoEnd> {
  if (host.machine.readEnvironment() !== 'windows') return { state: 'not-believed', code: 'not-in-windows' };
  const found = findWindows(host);
  if (!found.ok) return { state: 'not-believed', code: found.problem.code };
  const loaded = DeviceMemory.load(host, found.windows.root);
  if (!loaded.ok) return { state: 'not-believed', code: loaded.problem.code };
  const { memory } = loaded;
  const { device, trust } = memory;
  const opened = openUndoOrder(sealed, { trust, deviceId: deviceIdOf(device), nonce }, host.curves.verify);
  if (!opened.ok) return { state: 'not-believed', code: opened.problem.code };

  const { attemptId, scriptSha256 } = opened.document;
  const end = takeBack(host, found.windows, memory, attemptId, scriptSha256);
  const message: Undone = { version: 1, attemptId, ...end };
  const body = utf8Of(JSON.stringify(message));
  await postMessage(
    host,
    memory.server,
    { path: '/v1/undone', contentType: 'application/json', body },
    parseUndoneAnswer,
  );
  return end;
}

type Told = Pick<Undone, 'state' | 'code' | 'reason'>;

function takeBack(
  host: Host,
  windows: FoundWindows,
  memory: DeviceMemory,
  attemptId: string,
  scriptSha256: string,
): Told {
  if (memory.state.episode)
    return refused('machine-in-recovery', 'This machine is in the middle of a recovery.');
  const journal = findJournal(host, windows.root, attemptId);
  if (!journal) return refused('unknown-attempt', 'This machine has no journal of that attempt.');
  if (journal.scriptSha256 !== scriptSha256)
    return refused('script-changed', 'The attempt ran another script than the order names.');
  const obstacle = findObstacle(journal);
  if (obstacle) return obstacle;
  const undone = undoAndClose(host, windows, journal);
  return undone.ok
    ? { state: 'undone' }
    : { state: 'stuck', code: undone.code, reason: undone.message.slice(0, 500) };
}

/** What cannot be taken back while Windows runs, whatever its journal says. */
function findObstacle({ state, intents, tools }: Journal): Told | undefined {
  if (state === 'open') return refused('attempt-open', 'The attempt is not over.');
  if (tools.length > 0)
    return refused('tool-has-no-undo', 'A tool of Windows worked in that attempt; it cannot be taken back.');
  return intents.some(one => one.action === 'edit-hive')
    ? refused('hive-in-use', 'The attempt changed the registry, which Windows has used since.')
    : undefined;
}

const refused = (code: string, reason: string): Told => ({ state: 'refused', code, reason });
