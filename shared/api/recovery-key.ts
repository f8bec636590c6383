import * as z from 'zod/mini';
import { recoveryKeyId, releaseCode } from '../wire/key-request.ts';
import { endpoint } from './endpoint.ts';

/** A recovery password that the server keeps; the password itself never leaves but to a locked machine. */
export const recoveryKeyRow = z.object({
  keyId: recoveryKeyId,
  deviceId: z.string(),
  deviceName: z.string(),
  volume: z.string(),
  importedAt: z.iso.datetime(),
  importedBy: z.string(),
  /** `rotate-it`: it was released, so a new one should be made. `replaced`: a newer one of the same volume is here. */
  state: z.enum(['kept', 'rotate-it', 'replaced']),
  releasedAt: z.optional(z.iso.datetime()),
});
export type RecoveryKeyRow = z.infer<typeof recoveryKeyRow>;

export const recoveryKeyQuery = z.object({ deviceId: z.optional(z.string().check(z.maxLength(64))) });
export const recoveryKeyList = z.object({ keys: z.array(recoveryKeyRow) });
export type RecoveryKeyList = z.infer<typeof recoveryKeyList>;

/** One password to keep. `device` is a device id, a name or a serial number, whichever names one machine alone. */
export const recoveryKeyToKeep = z.object({
  keyId: z.string().check(z.maxLength(64)),
  recoveryPassword: z.string().check(z.maxLength(64)),
  device: z.string().check(z.maxLength(200)),
  volume: z.optional(z.string().check(z.maxLength(8))),
});
export type RecoveryKeyToKeep = z.infer<typeof recoveryKeyToKeep>;

export const keepRecoveryKeys = z.object({
  keys: z.array(recoveryKeyToKeep).check(z.minLength(1), z.maxLength(2000)),
});
export const keptRecoveryKeys = z.object({
  kept: z.int(),
  /** Those that were not kept, by their place in the list from 0. */
  problems: z.array(z.object({ index: z.int(), code: z.string(), message: z.string() })),
});
export type KeptRecoveryKeys = z.infer<typeof keptRecoveryKeys>;

/** A locked machine that asks. What it tells of itself is not proven. */
export const keyRequestRow = z.object({
  requestId: z.string(),
  keyId: recoveryKeyId,
  volume: z.string(),
  /** The machine that the password belongs to. */
  deviceId: z.string(),
  deviceName: z.string(),
  deviceState: z.string(),
  told: z.object({
    name: z.string(),
    model: z.optional(z.string()),
    serial: z.optional(z.string()),
    smbiosId: z.optional(z.string()),
  }),
  /** Whether the firmware tells what it told when the machine enrolled. */
  sameMachine: z.enum(['yes', 'no', 'unknown']),
  state: z.enum(['waiting', 'left', 'released', 'refused', 'opened', 'not-opened']),
  askedAt: z.iso.datetime(),
  decidedAt: z.optional(z.iso.datetime()),
  decidedBy: z.optional(z.string()),
  reason: z.optional(z.string()),
});
export type KeyRequestRow = z.infer<typeof keyRequestRow>;

export const keyRequestList = z.object({ requests: z.array(keyRequestRow) });
export type KeyRequestList = z.infer<typeof keyRequestList>;

const reason = z.string().check(z.minLength(5), z.maxLength(500));

/**
 * `code` is what the person in front of the machine reads out, `oneTimeCode` is of the authenticator of whoever
 * decides: an account, since a token has none.
 */
export const releaseRecoveryKey = z.object({
  code: releaseCode,
  reason,
  oneTimeCode: z.string().check(z.regex(/^\d{6}$/)),
});
export type ReleaseRecoveryKey = z.infer<typeof releaseRecoveryKey>;

export const refuseRecoveryKey = z.object({ reason });
export type RefuseRecoveryKey = z.infer<typeof refuseRecoveryKey>;

export const recoveryKeyEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/recovery-keys',
    role: 'operator',
    summary: 'The recovery keys that are kept, without the passwords; those to rotate come first.',
    query: recoveryKeyQuery,
    status: 200,
    answer: recoveryKeyList,
  }),
  keep: endpoint({
    method: 'POST',
    path: '/api/recovery-keys',
    role: 'admin',
    summary: 'Keeps recovery passwords that were exported elsewhere; says which do not fit.',
    body: keepRecoveryKeys,
    status: 200,
    answer: keptRecoveryKeys,
  }),
  requests: endpoint({
    method: 'GET',
    path: '/api/recovery-keys/requests',
    role: 'operator',
    summary: 'Locked machines that ask for a recovery key, the newest hundred.',
    status: 200,
    answer: keyRequestList,
  }),
  release: endpoint({
    method: 'POST',
    path: '/api/recovery-keys/requests/:requestId/release',
    role: 'operator',
    summary: 'Releases one recovery key to one waiting machine, by the code on its screen.',
    body: releaseRecoveryKey,
    status: 204,
    answer: 'nothing',
  }),
  refuse: endpoint({
    method: 'POST',
    path: '/api/recovery-keys/requests/:requestId/refuse',
    role: 'operator',
    summary: 'Sends a waiting machine to its menu without a recovery key.',
    body: refuseRecoveryKey,
    status: 204,
    answer: 'nothing',
  }),
};
