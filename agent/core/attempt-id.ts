import { hexOf } from '../../shared/bytes/hex.ts';
import type { Host } from '../host/host.ts';

/** A name for an attempt that no server ordered, in the form of those that it orders. */
export function newAttemptId(host: Host): string {
  const hex = hexOf(host.random(16));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
