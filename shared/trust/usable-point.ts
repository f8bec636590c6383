import { hexOf } from '../bytes/hex.ts';

/** The y of the eight points of Ed25519 whose order is small, little-endian, without the sign of x. */
const ofSmallOrder: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/**
 * Whether 32 bytes may stand for a point in a key or a signature: the one way to write its y (RFC 8032, 5.1.3), and
 * not of small order, since under such a key one signature holds for many messages. That it is on the curve is not
 * asked here. Implementations of Ed25519 differ in just these cases, so ours ask this first.
 */
export function isUsablePoint(encoded: Uint8Array): boolean {
  const y = Uint8Array.from(encoded);
  y[31]! &= 0x7f;
  return y.length === 32 && isBelowPrime(y) && !ofSmallOrder.has(hexOf(y));
}

/** Below 2^255 - 19. */
const isBelowPrime = (y: Uint8Array) =>
  y[0]! < 0xed || y[31] !== 0x7f || y.subarray(1, 31).some(byte => byte !== 0xff);
