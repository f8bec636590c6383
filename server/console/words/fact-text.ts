import { fileFact, searchFact } from '../../../shared/facts/facts.ts';
import { counted, sizeText } from './amounts.ts';
import { utcText } from './times.ts';

/** A fact's value as one line of text. Texts of machines stay texts. */
export function factText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const file = fileFact.safeParse(value);
  if (file.success) {
    const hash = file.data.sha256 === undefined ? '' : `, SHA-256 ${file.data.sha256}`;
    return `${sizeText(file.data.sizeBytes)}, written ${utcText(file.data.writtenAt)}${hash}`;
  }
  const search = searchFact.safeParse(value);
  if (search.success) {
    const since =
      search.data.writtenSince === undefined ? '' : ` written since ${utcText(search.data.writtenSince)}`;
    return `${counted(search.data.files, 'file')}${since}`;
  }
  return JSON.stringify(value) ?? '';
}
