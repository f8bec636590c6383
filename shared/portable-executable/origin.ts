import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { findClaims, readPortableExecutable } from './portable-executable.ts';
import { readSignerNames } from './signer-names.ts';

/** Whose a file claims to be: Microsoft's, somebody else's, or not to be told. */
export type Origin = 'microsoft' | 'other' | 'unknown';

/**
 * Names under which Microsoft signs its own files. "Microsoft Windows Hardware Compatibility Publisher" and "… Early
 * Launch Anti-malware Publisher" are not among them: under those it signs the drivers of others.
 */
const ownNames: ReadonlySet<string> = new Set([
  'Microsoft Windows',
  'Microsoft Windows Publisher',
  'Microsoft Corporation',
]);

/**
 * Whose program, library or driver a file claims to be, by the company in its version resource and the names in its
 * signatures. A claim, not a proof: good only for being more careful. A file that is no executable is nobody's.
 */
export function readOrigin(source: ByteSource): Origin {
  const reader = new ByteReader(source);
  // A source whose bytes cannot be read holds none of them.
  if (source.sizeBytes > 0 && reader.u8(0) === undefined) return 'unknown';
  const result = readPortableExecutable(source);
  if (!result.ok) return result.problem.code === 'not-an-executable' ? 'other' : 'unknown';
  const { companyName, fileVersion, problems } = result.image;
  if (companyName !== null && /microsoft/i.test(companyName)) return 'microsoft';
  const { version, signatures } = findClaims(reader);
  const signers = signatures ? readSignerNames(reader, signatures) : [];
  if (signers?.some(name => ownNames.has(name))) return 'microsoft';
  const isUnreadable = version !== undefined && fileVersion === null;
  return signers === undefined || isUnreadable || problems.length > 0 ? 'unknown' : 'other';
}
