import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { textOfUtf8, utf8Of } from '../../../shared/bytes/utf8.ts';
import { type BoxContext, openBox, type SealedBox, sealBox } from '../../../shared/trust/sealed-box.ts';
import { scriptAgreement } from '../../../shared/trust/x25519.ts';

const { boxKeyOf } = scriptAgreement;
const seal = (plain: Uint8Array, boxKey: Uint8Array, context: BoxContext, ephemeral: Uint8Array) =>
  sealBox(plain, boxKey, context, ephemeral, scriptAgreement);
const open = (box: SealedBox, secretKey: Uint8Array, context: BoxContext) =>
  openBox(box, secretKey, context, scriptAgreement);

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (some: Uint8Array) => Buffer.from(some).toString('hex');
const seedOf = (number: number) => new Uint8Array(32).map((_, at) => (at * 7 + number * 31) & 255);

test('a box is what RFC 9180, appendix A.2.1, says', () => {
  const secretKey = bytes('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb');
  const ephemeral = bytes('f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600');
  const plain = bytes('4265617574792069732074727574682c20747275746820626561757479');
  const context = { purpose: 'Ode on a Grecian Urn', about: 'Count-0' };
  const boxKey = boxKeyOf(secretKey);
  assert.equal(hex(boxKey), '4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a');
  const box = seal(plain, boxKey, context, ephemeral)!;
  assert.equal(hex(box.encapsulatedKey), '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a');
  assert.equal(
    hex(box.ciphertext),
    '1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28',
  );
  assert.deepEqual(open(box, secretKey, context), plain);
});

test('its public keys are those of OpenSSL', () => {
  const der = (prefix: string, raw: Uint8Array) => Buffer.concat([Buffer.from(prefix, 'hex'), raw]);
  for (let number = 1; number <= 8; number++) {
    const secret = seedOf(number);
    const key = der('302e020100300506032b656e04220420', secret);
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    assert.equal(hex(boxKeyOf(secret)), spki.subarray(-32).toString('hex'));
  }
});

test('nobody else opens it, and nothing in it can be changed', () => {
  const [mine, theirs] = [seedOf(1), seedOf(2)];
  const context = { purpose: 'test', about: 'machine 1' };
  const box = seal(utf8Of('000011-000022'), boxKeyOf(mine), context, seedOf(3))!;
  assert.equal(textOfUtf8(open(box, mine, context)!).text, '000011-000022');
  assert.equal(open(box, theirs, context), undefined);
  assert.equal(open(box, mine, { ...context, about: 'machine 2' }), undefined);
  assert.equal(open(box, mine, { ...context, purpose: 'another' }), undefined);
  const flip = (some: Uint8Array, at: number) => some.map((byte, index) => (index === at ? byte ^ 1 : byte));
  for (const [at] of box.ciphertext.entries())
    assert.equal(open({ ...box, ciphertext: flip(box.ciphertext, at) }, mine, context), undefined);
  for (const at of [0, 15, 30])
    assert.equal(open({ ...box, encapsulatedKey: flip(box.encapsulatedKey, at) }, mine, context), undefined);
  for (const cut of [0, 5, box.ciphertext.length - 1])
    assert.equal(open({ ...box, ciphertext: box.ciphertext.subarray(0, cut) }, mine, context), undefined);
});

test('a key that would give everybody the same secret is refused', () => {
  const context = { purpose: 'test', about: '' };
  for (const weak of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(31)]) {
    assert.equal(seal(utf8Of('secret'), weak, context, seedOf(1)), undefined);
    const box = { encapsulatedKey: weak, ciphertext: new Uint8Array(32) };
    assert.equal(open(box, seedOf(1), context), undefined);
  }
});
