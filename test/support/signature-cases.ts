import { ed25519 } from '@noble/curves/ed25519.js';
import { createHash } from 'node:crypto';

const { Point } = ed25519;
const { Fn } = Point;

/** What every implementation of Ed25519 here has to agree on. */
export interface SignatureCase {
  readonly about: string;
  /** Makes this very key and signature; of the vectors of RFC 8032 only. */
  readonly secretKey?: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly holds: boolean;
}

/** RFC 8032, 7.1: secret key, public key, message, signature. */
const vectors = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

const eighth = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a';

/** Points of order 1, 2, 4 and 8, as they are written and as a lax reader takes them, too. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  eighth,
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
] as const;

/** The vectors of RFC 8032, and signatures in whose judgement implementations are known to differ. */
export function signatureCases(): readonly SignatureCase[] {
  return [...vectors.flatMap((vector, at) => casesOfVector(`vector ${at + 1}`, vector)), ...casesByHand()];
}

function casesOfVector(name: string, vector: (typeof vectors)[number]): readonly SignatureCase[] {
  const [secretKey, publicKey, message, signature] = vector.map(bytesOf) as Bytes4;
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  const refused = (change: string, changed: Partial<SignatureCase>) => ({
    about: `${name} with ${change}`,
    publicKey,
    message,
    signature,
    holds: false,
    ...changed,
  });
  const larger = joined(r, littleEndian(numberOf(s) + Fn.ORDER));
  return [
    { about: name, secretKey, publicKey, message, signature, holds: true },
    refused('another message', { message: bytesOf('00') }),
    refused('the order of the group added to S', { signature: larger }),
    ...[0, 63, 65].map(length =>
      refused(`${length} bytes of signature`, { signature: sized(signature, length) }),
    ),
    ...[0, 31, 33].map(length => refused(`${length} bytes of key`, { publicKey: sized(publicKey, length) })),
    ...[0, 255, 256, 511].map(bit => refused(`bit ${bit} changed`, { signature: flipped(signature, bit) })),
    ...[3, 255].map(bit => refused(`bit ${bit} of the key changed`, { publicKey: flipped(publicKey, bit) })),
  ];
}

function casesByHand(): readonly SignatureCase[] {
  const message = new Uint8Array(Buffer.from('any message'));
  const torsion = Point.fromHex(eighth, true);
  const good = signedWith(message, Point.ZERO, Point.ZERO);
  const [neutral, zero] = [bytesOf(smallOrder[0]), new Uint8Array(32)];
  const refused = (about: string, { publicKey, signature }: Signed) => ({
    about,
    publicKey,
    message,
    signature,
    holds: false,
  });
  return [
    { about: 'one made by hand', ...good, message, holds: true },
    refused('a key with a part of small order', signedWith(message, torsion, Point.ZERO)),
    refused('R with a part of small order', signedWith(message, Point.ZERO, torsion)),
    refused('a key that is no point', { ...good, publicKey: bytesOf(`02${'00'.repeat(31)}`) }),
    ...smallOrder.flatMap(text => {
      const point = bytesOf(text);
      return [
        refused(`R ${text}`, { ...good, signature: joined(point, good.signature.subarray(32)) }),
        // For every eighth message, or all of them, S = 0 would do under such a key.
        refused(`key ${text}`, { publicKey: point, signature: joined(neutral, zero) }),
        refused(`key and R ${text}`, { publicKey: point, signature: joined(point, zero) }),
      ];
    }),
  ];
}

type Bytes4 = [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
type CurvePoint = typeof Point.BASE;
type Signed = Pick<SignatureCase, 'publicKey' | 'signature'>;

/** Points are added to the key and to R; without any the signature is as RFC 8032 says. */
function signedWith(message: Uint8Array, toKey: CurvePoint, toR: CurvePoint): Signed {
  const [secret, nonce] = [123_456_789n, 987_654_321n];
  const publicKey = Point.BASE.multiply(secret).add(toKey).toBytes();
  const r = Point.BASE.multiply(nonce).add(toR).toBytes();
  const k = numberOf(createHash('sha512').update(r).update(publicKey).update(message).digest());
  return { publicKey, signature: joined(r, littleEndian(Fn.create(nonce + Fn.create(k) * secret))) };
}

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
/** Cut, or filled up with zeros. */
const sized = (bytes: Uint8Array, length: number): Uint8Array =>
  joined(bytes.subarray(0, length), new Uint8Array(Math.max(0, length - bytes.length)));
const numberOf = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
const littleEndian = (value: bigint): Uint8Array => bytesOf(value.toString(16).padStart(64, '0')).reverse();

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}
