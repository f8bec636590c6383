import * as z from 'zod/mini';
import { bytesOfHex } from '../../shared/bytes/hex.ts';
import type { Sign } from '../../shared/trust/envelope.ts';
import type { Host } from '../host/host.ts';
import { serverSettings } from '../../shared/winre/agent-settings.ts';

/**
 * `device.json`: who this machine is. The secret key lives only here, on the Windows volume, so that on a BitLocker
 * machine it proves an unlocked volume. `enrolling` until the server has given the device its key id.
 */
export const deviceRecord = z.object({
  version: z.literal(1),
  organization: z.string().check(z.maxLength(64)),
  name: z.string().check(z.maxLength(200)),
  state: z.enum(['enrolling', 'active', 'pending']),
  keyId: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}\/[A-Za-z0-9._-]{1,64}\/\d{1,6}$/)),
  secretKey: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  ...serverSettings,
});
export type DeviceRecord = z.infer<typeof deviceRecord>;

/** The device part of a key id `organization/device/number`. */
export const deviceIdOf = ({ keyId }: DeviceRecord): string => keyId.split('/')[1] ?? '';

/** Signs with the device's key. */
export function signerOfDevice({ curves }: Pick<Host, 'curves'>, { secretKey }: DeviceRecord): Sign {
  const key = bytesOfHex(secretKey) ?? new Uint8Array(0);
  return message => curves.sign(key, message);
}
