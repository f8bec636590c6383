import type { EvidenceKind } from '../wire/evidence.ts';

/** Evidence by the files that hold it and the words that people have for it. */
const names: readonly (readonly [RegExp, EvidenceKind])[] = [
  [/\bntbtlog\b|\bboot logs?\b/i, 'boot-log'],
  [/\bSrtTrail\b|\bstartup repair logs?\b/i, 'startup-repair-log'],
  [/\.dmp\b|\bminidumps?\b|\b(?:crash|memory|kernel) dumps?\b/i, 'crash-extract'],
  [/\bbootstat\.dat\b/i, 'boot-status'],
  [/\bPFRO\.log\b/i, 'pending-renames-log'],
  [/\bpending\.xml\b/i, 'pending-transaction'],
  [/\b(?:CBS|CbsPersist\w{0,40}|dism)\.log\b|\b(?:CBS|DISM|servicing) logs?\b/i, 'servicing-log'],
  [/\bsetupapi(?:\.\w{1,16})?\.log\b/i, 'device-install-log'],
  [/\bSystem\.evtx\b|\b(?:system )?event logs?\b/i, 'event-log'],
  [/\bregistry (?:hives?|exports?)\b|\b(?:SYSTEM|SOFTWARE) hive\b/i, 'registry-extract'],
];

/** The kinds of evidence that a text names. */
export const findEvidence = (text: string): readonly EvidenceKind[] =>
  names.filter(([pattern]) => pattern.test(text)).map(([, kind]) => kind);
