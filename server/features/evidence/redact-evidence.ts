import { readEvidence } from '../../../shared/evidence/read-evidence.ts';
import { redactedForms } from '../../../shared/evidence/redacted-form.ts';
import { maxLogBytes, readLogText } from '../../../shared/bootlog/log-text.ts';
import { Redactor } from '../../../shared/redaction/redactor.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';

/** Evidence without names, as a file: the same kind of file where that can be, else what was read in it. */
export interface RedactedEvidence {
  readonly form: 'same' | 'reading';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type RedactionResult =
  | ({ readonly ok: true } & RedactedEvidence)
  | { readonly ok: false; readonly problem: { readonly code: string; readonly message: string } };

/**
 * Takes names of people, machines and networks out of a piece of evidence. Text stays text of its encoding; from binary
 * formats, where names may lie anywhere, only what was read is given.
 */
export function redactEvidence(kind: EvidenceKind, bytes: Uint8Array, host: string): RedactionResult {
  const redactor = new Redactor({ names: { host: [host] } });
  const form = redactedForms[kind];
  if (form === 'same' && kind !== 'registry-extract') return redactText(redactor, bytes);
  const read = readEvidence(kind, bytes);
  if (!read.ok) return read;
  const json = `${JSON.stringify(redactor.value(read.reading), null, 2)}\n`;
  return { ok: true, form, bytes: Uint8Array.from(Buffer.from(json)) };
}

function redactText(redactor: Redactor, bytes: Uint8Array): RedactionResult {
  if (bytes.length > maxLogBytes) {
    const message = `Names are taken out of texts of up to ${maxLogBytes} bytes; this one has ${bytes.length}.`;
    return { ok: false, problem: { code: 'too-large', message } };
  }
  const { encoding, lines } = readLogText(bytes);
  const text = lines.join('\r\n');
  redactor.learn(text);
  const redacted = redactor.text(text);
  const encoded =
    encoding === 'utf-8' ? Buffer.from(redacted, 'utf8') : Buffer.from(`\ufeff${redacted}`, 'utf16le');
  return { ok: true, form: 'same', bytes: Uint8Array.from(encoded) };
}
