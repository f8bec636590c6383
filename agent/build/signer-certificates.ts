import { X509Certificate } from 'node:crypto';
import { ByteReader } from '../../shared/bytes/byte-reader.ts';
import { memorySource } from '../../shared/bytes/byte-source.ts';
import { type DerElement, readChildren, readElement } from '../../shared/portable-executable/der.ts';
import { findClaims } from '../../shared/portable-executable/portable-executable.ts';

// Places after Microsoft's "PE Format" (attribute certificate table) and RFC 2315 (SignedData).
const tableHeaderBytes = 8;
const contextTag = 0xa0;
/** Extended key usage of code signing, RFC 5280 4.2.1.12. */
const codeSigning = '1.3.6.1.5.5.7.3.3';
const leastRsaBits = 2048;

/** The certificates in the signature of an executable: the signer's first, then each the issuer of the one before. */
export function readSignerChain(executable: Uint8Array): readonly X509Certificate[] {
  const { signatures } = findClaims(new ByteReader(memorySource(executable)));
  if (!signatures) return [];
  const bytes = executable.subarray(
    signatures.offset + tableHeaderBytes,
    signatures.offset + signatures.sizeBytes,
  );
  const inside = (element: DerElement | undefined) => (element && readChildren(bytes, element)) ?? [];
  const content = inside(readElement(bytes, 0, bytes.length))[1];
  const signedData = inside(inside(content)[0]);
  const certificates = signedData.find(({ tag }) => tag === contextTag);
  // Each begins where the one before ends: `start` of an element is behind its tag and its length.
  const all = inside(certificates).map(
    ({ end }, at, elements) =>
      new X509Certificate(bytes.slice(elements[at - 1]?.end ?? certificates?.start, end)),
  );
  const isIssuer = (one: X509Certificate) => all.some(other => other !== one && other.checkIssued(one));
  const chain: X509Certificate[] = [];
  let next = all.find(one => !isIssuer(one));
  while (next && !chain.includes(next)) {
    const current: X509Certificate = next;
    chain.push(current);
    next = all.find(one => one !== current && current.checkIssued(one));
  }
  return chain;
}

/** What keeps Windows from taking a signature of this certificate; undefined when nothing does. */
export function problemOfSigner(signer: X509Certificate, now: Date): string | undefined {
  const name = nameOf(signer);
  if (now < signer.validFromDate)
    return `The certificate of ${name} is not valid before ${dayOf(signer.validFromDate)}.`;
  if (now > signer.validToDate) return `The certificate of ${name} ended on ${dayOf(signer.validToDate)}.`;
  if (!signer.keyUsage?.includes(codeSigning))
    return `The certificate of ${name} is not for code signing (extended key usage ${codeSigning}).`;
  const { asymmetricKeyType, asymmetricKeyDetails } = signer.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (asymmetricKeyType !== 'rsa' || bits < leastRsaBits)
    return `The key of ${name} is ${asymmetricKeyType} of ${bits || '?'} bits; App Control takes RSA of ${leastRsaBits} bits and more, and no elliptic curves.`;
  return undefined;
}

/** One line that tells a person what a file was signed with, and what its machines have to know. */
export function wordsOfChain(chain: readonly X509Certificate[]): string {
  const [signer] = chain;
  const last = chain.at(-1);
  if (!signer || !last) return 'not signed';
  const until = `until ${dayOf(signer.validToDate)}`;
  const root = last.checkIssued(last)
    ? `to the root ${nameOf(last)}`
    : `to ${nameOf(last)}, whose issuer ${commonNameIn(last.issuer)} machines must know`;
  return `signed by ${nameOf(signer)}, ${until}; chain of ${chain.length} ${root}`;
}

const nameOf = (certificate: X509Certificate) => commonNameIn(certificate.subject);
const commonNameIn = (name: string) => /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll('\n', ', ');
const dayOf = (date: Date) => date.toISOString().slice(0, 10);
