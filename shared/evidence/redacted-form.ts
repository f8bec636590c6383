import type { EvidenceKind } from '../wire/evidence.ts';

/**
 * What is left of a piece of evidence without names: text stays the `same` kind of file; in binary formats names may lie
 * anywhere, so of them only what was read is given.
 */
export const redactedForms: { readonly [Kind in EvidenceKind]: 'same' | 'reading' } = {
  'crash-extract': 'reading',
  'boot-log': 'same',
  'startup-repair-log': 'same',
  'boot-status': 'reading',
  'pending-renames-log': 'same',
  'pending-transaction': 'same',
  'servicing-log': 'same',
  'device-install-log': 'same',
  'event-log': 'reading',
  'registry-extract': 'same',
};
