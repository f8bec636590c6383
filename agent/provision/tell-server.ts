import { utf8Of } from '../../shared/bytes/utf8.ts';
import { parseReadinessAnswer, type Readiness, type ReadinessAnswer } from '../../shared/wire/readiness.ts';
import { DeviceMemory } from '../core/device-memory.ts';
import { postMessage } from '../core/server-client.ts';
import type { Host } from '../host/host.ts';
import { type Done, failed } from './windows-tools.ts';

/** Sends what readiness found; needs an enrolled device. With a nonce the answer may hold an order to take an attempt back. */
export async function tellReadiness(
  host: Host,
  root: string,
  readiness: Readiness,
  nonce?: string,
): Promise<Done<ReadinessAnswer>> {
  const loaded = DeviceMemory.load(host, root);
  if (!loaded.ok) return failed(loaded.problem.code, loaded.problem.message);
  const body = utf8Of(JSON.stringify({ ...readiness, ...(nonce === undefined ? {} : { nonce }) }));
  const message = { path: '/v1/readiness', contentType: 'application/json', body };
  const posted = await postMessage(host, loaded.memory.server, message, parseReadinessAnswer);
  switch (posted.kind) {
    case 'answered':
      // The next look at this machine knows by it whether somebody could open its disk.
      if (readiness.recoveryKeys) loaded.memory.save({ keptKeys: posted.message.keptKeys ?? [] });
      return { ok: true, value: posted.message };
    case 'busy':
      return failed('server-busy', `Try again in ${posted.retryAfterSeconds} seconds.`);
    case 'refused':
    case 'unreachable':
      return failed(posted.code, posted.message);
    default:
      return posted satisfies never;
  }
}
