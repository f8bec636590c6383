import type { TurnReason } from '../../shared/wire/check-in.ts';
import { type Host, HostError, type HostVolume, type StartReason } from '../host/host.ts';
import { readRecoveryKeyIds } from './bitlocker.ts';
import { DeviceMemory } from './device-memory.ts';
import { undoInterruptedAttempts } from './finish-earlier-attempts.ts';
import {
  findWindows,
  type FindWindowsResult,
  type FoundWindows,
  type WindowsNotFound,
  withBitLocker,
} from './found-windows.ts';
import { bringUpNetwork } from './network/bring-up-network.ts';
import { enrolFromImage } from './run-enrol.ts';
import { readImageSettings } from './image-settings.ts';
import { readWaits } from './read-waits.ts';
import { heal } from './heal.ts';
import { handOverWords } from './screen-words.ts';
import { handedOver, type RecoveryEnd, Session } from './session.ts';
import { readStartReason } from './start-reason.ts';
import { stateFolderOn } from './state-folder.ts';
import { clearTurnMarker } from './turn-marker.ts';
import { openWithReleasedKey } from './unlock/open-with-released-key.ts';
import { relockOpened } from './unlock/opened-volumes.ts';
import { WaitingRoom } from './waiting-room.ts';
import { isSamePath } from './windows-path.ts';

/**
 * One run in the recovery environment, from "is it our turn?" to the restart. Whatever fails, the normal recovery menu
 * comes: the run ends with exactly one of `reboot` and `handOver` of the host. A volume that the run opened is locked
 * again for the menu; a restart locks it by itself.
 */
export async function runRecovery(host: Host): Promise<RecoveryEnd> {
  const end = await recover(host).catch(failed);
  if (end.kind === 'reboot') host.machine.reboot();
  else host.machine.handOver();
  return end;
}

async function recover(host: Host): Promise<RecoveryEnd> {
  const reason = host.machine.readEnvironment() === 'recovery' ? readStartReason(host) : undefined;
  const turn = turnOf(reason);
  if (!reason || !turn) return notOurTurn(host, reason);

  const session = new Session(host);
  session.enter('failed-boot');
  session.enter('winre');
  const end = await orient(session, reason, turn).catch(failed);
  if (end.kind === 'reboot') {
    session.enter('reboot');
  } else {
    for (const root of await relockOpened(host))
      session.log('error', 'volume-stays-open', `${root} could not be locked again.`);
    session.log(end.code === 'agent-failed' ? 'error' : 'info', end.code, end.message);
    session.enter('hand-over', end.code, handOverWords(end));
  }
  return end;
}

/** The menu at once; where it cannot be told whose turn it is, a person who waits for us learns why we do nothing. */
function notOurTurn(host: Host, reason: StartReason | undefined): RecoveryEnd {
  const { unclear } = reason ?? {};
  const end = handedOver(
    'not-our-turn',
    unclear ?? 'No failed start, no marker and no test brought us here.',
  );
  if (unclear === undefined) return end;
  const session = new Session(host);
  session.log('warn', end.code, end.message);
  session.identify({ deviceName: host.machine.readIdentity().name });
  session.enter('hand-over', end.code, handOverWords(end));
  return end;
}

/** Whether it is our turn: WinRE also starts for a reset, a remote wipe or a technician. */
function turnOf(reason: StartReason | undefined): TurnReason | undefined {
  return reason === undefined || reason.kind === 'other' ? undefined : reason.kind;
}

async function orient(session: Session, reason: StartReason, turn: TurnReason): Promise<RecoveryEnd> {
  session.enter('find-windows');
  const found = await findOrOpen(session);
  if (!('ok' in found)) return found;
  if (!found.ok) return handedOver(found.problem.code, found.problem.message);
  const windows = await withBitLocker(session.host, found.windows);

  session.enter('orient');
  // Before anything else: a marker is good for one start, or a run that hangs would have the next one, too.
  clearTurnMarker(session.host, windows.root);
  const { stuck, damaged } = undoInterruptedAttempts(session, windows);
  const loaded = await loadOrEnrol(session, windows);
  if ('kind' in loaded) return loaded;
  if (damaged.length > 0) return handedOver('journal-damaged', `The journal ${damaged[0]} cannot be read.`);
  session.host.log.keepAt?.(stateFolderOn(windows.root).log);
  return heal({ session, windows, memory: loaded, reason, turn }, stuck);
}

/** Who this machine is; one that nobody knows yet makes itself known when the image that runs brought a token. */
async function loadOrEnrol(session: Session, windows: FoundWindows): Promise<DeviceMemory | RecoveryEnd> {
  const { host } = session;
  const loaded = DeviceMemory.load(host, windows.root);
  if (loaded.ok) return loaded.memory;
  const { code, message } = loaded.problem;
  const settings = readImageSettings(host);
  const token = settings?.token;
  if (code !== 'not-enrolled' || !settings || token === undefined) return handedOver(code, message);
  session.enter('network');
  const waiting = new WaitingRoom(session, readWaits(host, windows.root, settings.settings));
  const network = await bringUpNetwork(session, windows, waiting.untilMs);
  if (network === 'key') return handedOver('key-pressed', 'A key was pressed.');
  if (network === 'none')
    return handedOver('no-network', 'This machine is not enrolled, and there is no network.');
  const enrolled = await enrolFromImage(host, windows, { ...settings, token });
  if (enrolled.kind === 'failed') return handedOver(enrolled.code, enrolled.message);
  session.log('info', 'enrolled-from-image', 'This machine made itself known.', { state: enrolled.state });
  const known = DeviceMemory.load(host, windows.root);
  return known.ok ? known.memory : handedOver(known.problem.code, known.problem.message);
}

/** The Windows to work on. What a help desk needs to know without one stands on the screen; a locked one is asked for. */
async function findOrOpen(session: Session): Promise<FindWindowsResult | RecoveryEnd> {
  const { host } = session;
  const found = findWindows(host);
  if (found.ok) return found;
  const settings = readImageSettings(host);
  const helpDesk = settings?.helpDesk;
  session.identify({
    deviceName: host.machine.readIdentity().name,
    ...(helpDesk === undefined ? {} : { helpDesk }),
  });
  if (found.problem.code !== 'volume-locked') return found;
  const named = host.machine.readBootEntryVolume();
  const locked = host.machine
    .listVolumes()
    .filter(({ root, bitLocker }) => bitLocker === 'locked' && (!named || isSamePath(root, named)));
  if (!settings) return withKeyIds(session, found.problem, locked);
  const opening = await openWithReleasedKey(session, settings, locked);
  return opening.kind === 'opened' ? findWindows(host) : opening;
}

/** Nobody to ask: the ids of the recovery passwords are what is left to tell. */
async function withKeyIds(
  session: Session,
  { code, message }: WindowsNotFound,
  locked: readonly HostVolume[],
): Promise<RecoveryEnd> {
  const ids = (await Promise.all(locked.map(({ root }) => readRecoveryKeyIds(session.host, root)))).flat();
  session.identify({ bitLockerKeyIds: ids });
  return handedOver(code, ids.length === 0 ? message : `${message} Recovery key id: ${ids.join(', ')}.`);
}

/** A disk that is full or takes no writes has a name of its own; everything else that is thrown is a bug of ours. */
function failed(error: unknown): RecoveryEnd {
  if (error instanceof HostError) return handedOver(error.failure.code, error.message);
  return handedOver('agent-failed', error instanceof Error ? error.message : String(error));
}
