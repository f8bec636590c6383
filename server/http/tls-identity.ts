import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeOnce } from '../secret-files.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

/** By what devices know this server: a self-signed certificate, of which only the key matters. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly privateKey: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo) as hex: what devices pin. */
  readonly pin: string;
}

/**
 * Reads the identity in a folder, or makes it at the first start. P-256, since old WinRE knows no Ed25519 in TLS. The
 * certificate ends in 2049, because devices check the pin and no dates: their clock may be years off.
 */
export function ensureTlsIdentity(dir: string): TlsIdentity {
  const keyFile = path.join(dir, 'tls-key.pem');
  const certificateFile = path.join(dir, 'tls-certificate.pem');
  if (!existsSync(keyFile)) writeOnce(keyFile, makePrivateKey());
  const privateKey = readFileSync(keyFile, 'utf8');
  if (!existsSync(certificateFile)) writeOnce(certificateFile, certify(privateKey));
  const certificate = readFileSync(certificateFile, 'utf8');
  const key = createPublicKey(createPrivateKey(privateKey)).export({ format: 'der', type: 'spki' });
  if (!new X509Certificate(certificate).publicKey.export({ format: 'der', type: 'spki' }).equals(key))
    throw new Error(
      `${certificateFile} does not belong to tls-key.pem beside it; remove it to have it made anew.`,
    );
  return { certificate, privateKey, pin: createHash('sha256').update(key).digest('hex') };
}

const makePrivateKey = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

const certify = (privateKey: string) =>
  selfSignedCertificate(createPrivateKey(privateKey), {
    commonName: 'Bootmend',
    dnsNames: ['bootmend', 'localhost'],
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2049-12-31T23:59:59Z'),
  });
