import * as z from 'zod/mini';
import type { BoxContext } from '../trust/sealed-box.ts';
import { code, line, parseWith, sha256Hex, wireVersion } from './primitives.ts';

const publicKey = sha256Hex;

/** The id of a recovery password as a help desk knows it: a GUID, upper case, without braces. */
export const recoveryKeyId = z.string().check(z.regex(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/));

/** What a person reads from the screen of a locked machine and types at the console. */
export const releaseCode = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/));

/**
 * A machine whose volume is locked asks for the recovery password: `POST /v1/key-request`, signed with `requestKey`
 * (key id `<organization>/locked/1`), a key made for this one request. Its own key lies on the locked volume, so nothing
 * in here is proven: a person compares the code. The machine asks again with the same bytes until it hears the end, and
 * tells last how it `ended`.
 */
export const keyRequest = z.object({
  version: wireVersion,
  requestKey: publicKey,
  /** The answer is sealed for this key, which lives in the memory of the machine alone. */
  boxKey: publicKey,
  device: z.object({
    name: line,
    model: z.optional(line),
    serial: z.optional(line),
    smbiosId: z.optional(line),
  }),
  /** Ids of the recovery passwords of the locked volumes, the volume of the boot entry first. */
  keyIds: z.array(recoveryKeyId).check(z.minLength(1), z.maxLength(8)),
  ended: z.optional(z.enum(['opened', 'not-opened'])),
});
export type KeyRequest = z.infer<typeof keyRequest>;

/**
 * `waiting`: a person decides; `code` stands on the screen. `released`: `box` holds the recovery password of `keyId`,
 * sealed for `boxKey`. `refused`: the menu. `ended`: there is nothing more to hear.
 */
export const keyRequestAnswer = z.discriminatedUnion('state', [
  z.object({
    version: wireVersion,
    state: z.literal('waiting'),
    code: releaseCode,
    seconds: z.int().check(z.positive(), z.maximum(600)),
  }),
  z.object({
    version: wireVersion,
    state: z.literal('released'),
    keyId: recoveryKeyId,
    box: z.object({
      encapsulatedKey: publicKey,
      ciphertext: z.string().check(z.regex(/^([0-9a-f]{2}){17,256}$/)),
    }),
  }),
  z.object({ version: wireVersion, state: z.literal('refused'), reason: code, tell: z.optional(line) }),
  z.object({ version: wireVersion, state: z.literal('ended') }),
]);
export type KeyRequestAnswer = z.infer<typeof keyRequestAnswer>;

/** What the box of a released password belongs to: this organization, this request, this password. */
export const boxContextOf = (organization: string, requestKey: string, keyId: string): BoxContext => ({
  purpose: 'bootmend recovery password',
  about: `${organization}/${requestKey}/${keyId}`,
});

export const parseKeyRequest = (input: unknown) => parseWith(keyRequest, input);
export const parseKeyRequestAnswer = (input: unknown) => parseWith(keyRequestAnswer, input);

export const keyRequestExample: KeyRequest = {
  version: 1,
  requestKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  boxKey: '4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a',
  device: { name: 'LAPTOP-4711', smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3132' },
  keyIds: ['6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB'],
  ended: 'opened',
};

export const keyRequestAnswerExample: KeyRequestAnswer = {
  version: 1,
  state: 'waiting',
  code: 'K7Q2-9MPD',
  seconds: 10,
};
