import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { findOriginPlaces, readPortableExecutable } from './portable-executable.ts';
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
  const { version, signatures } = findOriginPlaces(reader);
  const resource = version && reader.bytes(version.offset, version.sizeBytes);
  if (resource && claimsMicrosoft(resource)) return 'microsoft';
  const signers = signatures ? readSignerNames(reader, signatures) : [];
  if (signers?.some(name => ownNames.has(name))) return 'microsoft';
  const isCut = result.image.problems.length > 0 || (version !== undefined && resource === undefined);
  return signers === undefined || isCut ? 'unknown' : 'other';
}

/** Whether one of the string tables of a version resource names Microsoft as the company. */
const claimsMicrosoft = (resource: Uint8Array): boolean =>
  /CompanyName\0+[^\0]*Microsoft/i.test(textOfUtf16(resource));
