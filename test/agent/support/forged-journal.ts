import { createHash } from 'node:crypto';
import type { JournalRecord } from '../../../agent/core/journal.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';

const checksumOf = (previous: string, json: string) =>
  createHash('sha256').update(`${previous} ${json}`).digest('hex').slice(0, 16);

/** Ways to write a journal that this device never wrote, from one that it did. */
export const forgeries: Readonly<
  Record<string, (records: readonly JournalRecord[]) => readonly JournalRecord[]>
> = {
  'opened again': records => records.filter(({ kind }) => kind !== 'applied'),
  'opened again, its tools never ended': records =>
    records.filter(({ kind }) => kind !== 'applied' && kind !== 'tool-ended'),
  'opened again, without its point of no return': records =>
    records.filter(({ kind }) => kind !== 'applied' && kind !== 'no-return'),
  'about other places': records =>
    records
      .filter(({ kind }) => kind !== 'applied')
      .map(one => (one.kind === 'intent' ? { ...one, from: '\\Windows\\System32\\winload.efi' } : one)),
  'about another attempt': records =>
    records.map(one =>
      one.kind === 'begin' ? { ...one, attemptId: '01900000-0000-7000-8000-00000000beef' } : one,
    ),
};

/** A journal that holds these records, with checksums that fit. */
export function writtenJournal(records: readonly JournalRecord[]): Uint8Array {
  let checksum = '0'.repeat(16);
  const lines = records.map(one => {
    const json = JSON.stringify(one);
    checksum = checksumOf(checksum, json);
    return `\n${checksum} ${json}\n`;
  });
  return new Uint8Array(Buffer.from(lines.join('')));
}

/** Writes the journal of an attempt anew. */
export function forgeJournal(disk: MemoryDisk, attemptId: string, forge: (typeof forgeries)[string]): void {
  const path = parsePath(`C:\\ProgramData\\Bootmend\\journal\\${attemptId}.journal`);
  const text = Buffer.from(disk.read(path, 0, Number.MAX_SAFE_INTEGER)).toString();
  const records = [...text.matchAll(/^[0-9a-f]{16} (\{.*\})$/gm)].map(
    match => JSON.parse(match[1]!) as JournalRecord,
  );
  disk.place(path.components, { bytes: writtenJournal(forge(records)), writtenAtMs: 1 });
}
