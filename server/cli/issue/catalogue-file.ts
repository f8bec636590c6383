import * as z from 'zod/mini';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import {
  approverKey,
  type ApproverKey,
  catalogueDocument,
  type CatalogueDocument,
  payloadTypes,
} from '../../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import { envelope, type Envelope } from '../../../shared/trust/envelope.ts';
import { openDocument } from '../../../shared/trust/open-document.ts';
import { withFile } from '../file-source.ts';

/** The largest signed catalogue, in bytes of its file: some four times what two thousand entries like the shipped ones take. */
export const maxCatalogueBytes = 32 * 1024 * 1024;
const maxKeyBytes = 64 * 1024;

/** An envelope as devices take it, but for its size: no device reads this one. */
const catalogueEnvelope = z.extend(envelope, { payload: z.string().check(z.maxLength(maxCatalogueBytes)) });

interface Problem {
  readonly code: string;
  readonly message: string;
}
type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

/** A signed catalogue whose signature is good. */
export interface OpenedCatalogue {
  readonly document: CatalogueDocument;
  readonly key: ApproverKey;
}

/** Opens a signed catalogue, believed only with the public key in the other file. Its entries are not looked at yet. */
export function openCatalogueFile(file: string, keyFile: string): Result<OpenedCatalogue> {
  const key = readKey(keyFile);
  if (!key.ok) return key;
  const read = readJson(file, maxCatalogueBytes);
  if (!read.ok) return read;
  const sealed = catalogueEnvelope.safeParse(read.value);
  if (!sealed.success)
    return failed(
      'not-a-catalogue',
      `${file} is no signed catalogue. Expected: a file that "bootmend issue export --bundle" wrote.`,
    );
  const opened = openDocument(
    sealed.data,
    { payloadType: payloadTypes.catalogue, schema: catalogueDocument, signers: [key.value], threshold: 1 },
    verifyEd25519,
  );
  if (opened.ok) return { ok: true, value: { document: opened.document, key: key.value } };
  return { ok: false, problem: sayWhy(opened.problem, file, sealed.data, key.value) };
}

function sayWhy(problem: Problem, file: string, { signatures }: Envelope, key: ApproverKey): Problem {
  if (problem.code !== 'not-enough-signatures')
    return { code: problem.code, message: `${file}: ${problem.message}` };
  const wanted = `${key.keyId} of ${key.owner}`;
  const names = signatures.map(one => one.keyid);
  const message = names.includes(key.keyId)
    ? `${file} was changed after ${wanted} signed it, or it is not whole. Fetch it again from where it was made.`
    : `${file} is not signed by ${wanted}, but by ${names.length === 0 ? 'nobody' : names.join(', ')}. Expected: the public key of who signed it.`;
  return { code: problem.code, message };
}

function readKey(file: string): Result<ApproverKey> {
  const read = readJson(file, maxKeyBytes);
  if (!read.ok) return read;
  const key = approverKey.safeParse(read.value);
  if (key.success) return { ok: true, value: key.data };
  return failed(
    'not-a-public-key',
    `${file} is no public key of an approver. Expected: the file NAME.pub.json that "bootmend key new" wrote.`,
  );
}

function readJson(file: string, maxBytes: number): Result<unknown> {
  const read = withFile(file, source =>
    source.sizeBytes > maxBytes ? undefined : textOfUtf8(source.read(0, maxBytes)).text,
  );
  if (!read.ok) return read;
  if (read.problem) return { ok: false, problem: read.problem };
  if (read.value === undefined)
    return failed('too-large', `${file} is larger than ${maxBytes / 1024} KB, more than such a file can be.`);
  try {
    return { ok: true, value: JSON.parse(read.value) as unknown };
  } catch {
    return failed('not-json', `${file} is not JSON, or not all of it is here. Fetch it again.`);
  }
}

const failed = (code: string, message: string) => ({ ok: false as const, problem: { code, message } });
