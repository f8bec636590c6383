import { bytesOfBase64 } from '../../shared/bytes/base64.ts';
import { bytesOfHex, hexOf } from '../../shared/bytes/hex.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import {
  type ApprovalDocument,
  type OrderDocument,
  payloadTypes,
  type TrustDocument,
} from '../../shared/trust/documents.ts';
import { publicKeyOf, signerOf } from '../../shared/trust/ed25519.ts';
import {
  addSignature,
  type Envelope,
  preAuthenticationEncoding,
  sealEnvelope,
  type Sign,
} from '../../shared/trust/envelope.ts';

/** A key pair made from one repeated byte, so that tests are the same every time. */
export interface TestKey {
  readonly keyId: string;
  readonly secretKey: Uint8Array;
  readonly publicKey: string;
  readonly sign: Sign;
}

export function testKey(keyId: string, seed: number): TestKey {
  const secretKey = new Uint8Array(32).fill(seed);
  return { keyId, secretKey, publicKey: hexOf(publicKeyOf(secretKey)), sign: signerOf(secretKey) };
}

export const anna = testKey('anna', 1);
export const bert = testKey('bert', 2);
export const carla = testKey('carla', 3);
export const online = testKey('online', 9);

export const approver = (key: TestKey, kind: 'file' | 'browser' = 'file') => ({
  keyId: key.keyId,
  publicKey: key.publicKey,
  kind,
  owner: key.keyId,
});

export const exampleTrust: TrustDocument = {
  type: 'trust',
  organization: 'default',
  version: 1,
  threshold: 1,
  approvers: [approver(anna)],
  onlineKey: { keyId: online.keyId, publicKey: online.publicKey },
  serverPins: ['ab'.repeat(32)],
  issuedAt: '2026-01-01T00:00:00.000Z',
};

export const exampleApproval: ApprovalDocument = {
  type: 'approval',
  organization: 'default',
  remediationId: 'crowdstrike-2024-07-19',
  version: 1,
  scriptSha256: 'cd'.repeat(32),
  risk: 'low',
  sequence: 1,
  approvedAt: '2026-01-02T00:00:00.000Z',
  expiresAt: '2026-02-01T00:00:00.000Z',
  devices: { kind: 'every-device', where: [] },
};

export const exampleOrder: OrderDocument = {
  type: 'order',
  organization: 'default',
  deviceId: 'device-1',
  incidentId: 'incident-1',
  attemptId: 'attempt-1',
  episode: '0'.repeat(32),
  nonce: '1'.repeat(32),
  scriptSha256: exampleApproval.scriptSha256,
  validForSeconds: 600,
};

/** Seals any document, also a wrong one, with the signatures of several keys. */
export function sealBy(
  type: keyof typeof payloadTypes,
  document: object,
  ...[first, ...others]: [TestKey, ...TestKey[]]
): Envelope {
  const payload = utf8Of(JSON.stringify(document));
  const sealed = sealEnvelope(payloadTypes[type], payload, first.keyId, first.sign);
  return others.reduce((envelope, key) => signAlso(envelope, key), sealed);
}

export function signAlso(sealed: Envelope, key: TestKey): Envelope {
  const message = preAuthenticationEncoding(sealed.payloadType, bytesOfBase64(sealed.payload)!);
  return addSignature(sealed, key.keyId, key.sign(message));
}

export const bytes = (hex: string): Uint8Array => bytesOfHex(hex)!;
