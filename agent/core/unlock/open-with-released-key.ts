import { bytesOfHex, hexOf } from '../../../shared/bytes/hex.ts';
import { textOfUtf8, utf8Of } from '../../../shared/bytes/utf8.ts';
import { openBox } from '../../../shared/trust/sealed-box.ts';
import type { ImageSettings } from '../../../shared/winre/agent-settings.ts';
import {
  boxContextOf,
  type KeyRequest,
  type KeyRequestAnswer,
  parseKeyRequestAnswer,
} from '../../../shared/wire/key-request.ts';
import type { HostVolume } from '../../host/host.ts';
import { readRecoveryKeyIds, unlockVolume } from '../bitlocker.ts';
import { bringUpNetwork } from '../network/bring-up-network.ts';
import { readWaits } from '../read-waits.ts';
import { unreachableWords } from '../screen-words.ts';
import { type Posted, postMessage } from '../server-client.ts';
import { handedOver, type RecoveryEnd, type Session } from '../session.ts';
import { WaitingRoom } from '../waiting-room.ts';
import { noteOpening } from './opened-volumes.ts';

/** A volume was opened; otherwise how the run ends. */
export type Opening = { readonly kind: 'opened'; readonly root: string } | RecoveryEnd;

type Released = Extract<KeyRequestAnswer, { readonly state: 'released' }>;
const keyPressed = handedOver('key-pressed', 'A key was pressed.');
const askAgain = 'The disk is locked. Read the unlock code below to your help desk.';

/**
 * Opens a locked volume with a recovery password that a person at the server released for this very run. The keys of
 * the request are made here, live in memory alone and are never used twice, so that what was recorded anywhere opens
 * nothing later. The password is seen by manage-bde and nobody else.
 */
export async function openWithReleasedKey(
  session: Session,
  settings: ImageSettings,
  locked: readonly HostVolume[],
): Promise<Opening> {
  const { host } = session;
  const rootOfKey = new Map<string, string>();
  for (const { root } of locked)
    for (const id of await readRecoveryKeyIds(host, root)) rootOfKey.set(id.replaceAll(/[{}]/g, ''), root);
  const keyIds = [...rootOfKey.keys()].slice(0, 8);
  session.identify({ bitLockerKeyIds: keyIds });
  if (keyIds.length === 0)
    return handedOver('volume-locked', 'The disk is locked, and no recovery password of it can be named.');

  const request = new KeyAsking(session, settings, keyIds);
  const waiting = new WaitingRoom(session, readWaits(host, undefined, settings.settings));
  for (;;) {
    session.enter('network');
    const network = await bringUpNetwork(session, undefined, waiting.untilMs);
    if (network === 'key') return keyPressed;
    const posted = network === 'up' ? await request.ask() : undefined;
    const isFinal =
      posted?.kind === 'refused' || (posted?.kind === 'unreachable' && posted.code === 'library-missing');
    if (isFinal) return handedOver(posted.code, posted.message);
    if (posted?.kind !== 'answered') {
      const end = await (posted?.kind === 'busy'
        ? waiting.waitSeconds(posted.retryAfterSeconds, 'server-busy', 'The recovery service is busy.')
        : waiting.retryLater(posted?.code ?? 'no-network', unreachableWords(posted?.code)));
      if (end) return end;
      continue;
    }
    waiting.reset();
    const answer = posted.message;
    switch (answer.state) {
      case 'waiting': {
        session.identify({ unlockCode: answer.code });
        const end = await waiting.waitSeconds(answer.seconds, 'key-asked-for', askAgain);
        if (end) return end;
        break;
      }
      case 'released':
        session.identify({ unlockCode: undefined });
        return request.use(answer, rootOfKey.get(answer.keyId));
      case 'refused':
        return handedOver(answer.reason, answer.tell ?? 'The help desk did not release the recovery key.');
      case 'ended':
        return handedOver('key-request-ended', 'The recovery key was given once already.');
      default:
        return answer satisfies never;
    }
  }
}

/** One request with its two keys. */
class KeyAsking {
  readonly #session: Session;
  readonly #settings: ImageSettings;
  readonly #message: KeyRequest;
  readonly #signKey: Uint8Array;
  readonly #boxSecret: Uint8Array;

  constructor(session: Session, settings: ImageSettings, keyIds: string[]) {
    const { host } = session;
    this.#session = session;
    this.#settings = settings;
    this.#signKey = host.random(32);
    this.#boxSecret = host.random(32);
    this.#message = {
      version: 1,
      requestKey: hexOf(host.curves.publicKeyOf(this.#signKey)),
      boxKey: hexOf(host.curves.boxKeyOf(this.#boxSecret)),
      device: host.machine.readIdentity(),
      keyIds,
    };
  }

  ask(ended?: KeyRequest['ended']): Promise<Posted<KeyRequestAnswer>> {
    const { servers, pins, proxy, organization } = this.#settings;
    const body = utf8Of(JSON.stringify({ ...this.#message, ...(ended === undefined ? {} : { ended }) }));
    return postMessage(
      this.#session.host,
      {
        servers,
        pins,
        proxy,
        keyId: `${organization}/locked/1`,
        sign: message => this.#session.host.curves.sign(this.#signKey, message),
      },
      { path: '/v1/key-request', contentType: 'application/json', body, endsAtKey: ended === undefined },
      parseKeyRequestAnswer,
    );
  }

  /** Opens the box and, with what is in it, the volume; tells how that ended and forgets the keys. */
  async use({ keyId, box }: Released, root: string | undefined): Promise<Opening> {
    const { host } = this.#session;
    const password = this.#open(keyId, box);
    this.#boxSecret.fill(0);
    if (password === undefined || root === undefined)
      return this.#end('not-opened', 'key-not-for-us', 'The recovery key that came is not for this machine.');
    await noteOpening(host, root);
    const text = textOfUtf8(password).text;
    password.fill(0);
    if (!(await unlockVolume(host, root, text)))
      return this.#end(
        'not-opened',
        'key-does-not-open',
        'The released recovery key does not open the disk.',
      );
    await this.#end('opened', 'volume-opened', `${root} is open until this run ends.`);
    return { kind: 'opened', root };
  }

  #open(keyId: string, { encapsulatedKey, ciphertext }: Released['box']): Uint8Array | undefined {
    const [key, content] = [bytesOfHex(encapsulatedKey), bytesOfHex(ciphertext)];
    const context = boxContextOf(this.#settings.organization, this.#message.requestKey, keyId);
    const { curves } = this.#session.host;
    return (
      key &&
      content &&
      openBox({ encapsulatedKey: key, ciphertext: content }, this.#boxSecret, context, curves)
    );
  }

  async #end(ended: 'opened' | 'not-opened', code: string, message: string): Promise<RecoveryEnd> {
    this.#session.log(ended === 'opened' ? 'info' : 'error', code, message);
    // Whoever released it should know; that it cannot be told changes nothing here.
    await this.ask(ended);
    this.#signKey.fill(0);
    return handedOver(code, message);
  }
}
