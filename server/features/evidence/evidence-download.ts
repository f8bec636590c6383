import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { chunksOf, wholeBlob } from './blob-bytes.ts';
import { largestReadBytes } from './evidence-reading.ts';
import { EvidenceStore, type Piece } from './evidence-store.ts';
import { ReadingThread } from './reading-thread.ts';

export interface DownloadedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** `shown`: the bytes as the device sent them. `hidden`: without names of people, machines and networks. */
export type NamesWanted = 'shown' | 'hidden';

type StoredPiece = Piece & { readonly blob: string };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Gives people the bytes of evidence, with or without names, and notes who took them. */
export class EvidenceDownload {
  readonly #transactions: Transactions;
  readonly #blobs: BlobStore;
  readonly #audit: Audit;
  /** Not the thread in which evidence is read as it arrives: a download does not wait for those. */
  readonly #thread: ReadingThread;

  constructor(
    parts: { transactions: Transactions; blobs: BlobStore; audit: Audit },
    thread = new ReadingThread(),
  ) {
    this.#transactions = parts.transactions;
    this.#blobs = parts.blobs;
    this.#audit = parts.audit;
    this.#thread = thread;
  }

  async open(
    person: SignedIn,
    incidentId: string,
    evidenceId: string,
    names: NamesWanted,
  ): Promise<DownloadedFile> {
    const missing = new Refusal('not-found', `No stored evidence ${evidenceId.slice(0, 40)} is here.`);
    if (!uuid.test(incidentId)) throw missing;
    const { piece, deviceName } = await this.#transactions.transaction(async sql => {
      const { organizationId, actor } = person;
      const store = new EvidenceStore(sql);
      const found = await store.findPiece({ organizationId, incidentId, evidenceId });
      if (!found?.blob || found.receivedBytes < found.sizeBytes) throw missing;
      await this.#audit.append(sql, {
        organizationId,
        actor,
        action: 'evidence-downloaded',
        subject: `incident:${incidentId}`,
        detail: { evidenceId, kind: found.kind, names },
      });
      return {
        piece: { ...found, blob: found.blob },
        deviceName: names === 'hidden' ? await store.getDeviceName(found) : '',
      };
    });
    if (names === 'hidden') return await this.#withoutNames(piece, deviceName);
    const { sizeBytes } = piece;
    return { name: fileNameOf(piece.name), sizeBytes, chunks: chunksOf(this.#blobs, piece.blob, sizeBytes) };
  }

  async stop(): Promise<void> {
    await this.#thread.close();
  }

  async #withoutNames(piece: StoredPiece, deviceName: string): Promise<DownloadedFile> {
    if (piece.sizeBytes > largestReadBytes)
      throw cannotHide(`Names are taken out of files of up to ${largestReadBytes} bytes.`);
    const whole = await wholeBlob(this.#blobs, piece.blob, piece.sizeBytes);
    const redacted = await this.#thread.redact(piece.kind, whole, deviceName);
    if (!redacted.ok) throw cannotHide(`The file cannot be read (${redacted.problem.code}).`);
    const { form, bytes } = redacted;
    return { name: nameWithoutNames(piece.name, form), sizeBytes: bytes.length, chunks: [bytes] };
  }
}

const cannotHide = (why: string) =>
  new Refusal(
    'names-not-hidden',
    `${why} Nothing can be left out of it, so it is not handed out while names are hidden. Show names to take it as it came.`,
  );

/** The last component of what may be a Windows path. */
const fileNameOf = (name: string): string => name.split(/[\\/]/).at(-1) || 'evidence.bin';

/** `CBS.log` becomes `CBS.without-names.log`; what was read in a dump, `crash-extract.without-names.json`. */
function nameWithoutNames(name: string, form: 'same' | 'reading'): string {
  const [, stem = 'evidence', ending = ''] = /^(.*?)(\.[^.]*)?$/.exec(fileNameOf(name)) ?? [];
  return `${stem}.without-names${form === 'same' ? ending : '.json'}`;
}
