import type { EvidenceView } from '../../../shared/api/incident.ts';
import { redactedForms } from '../../../shared/evidence/redacted-form.ts';
import { evidenceKinds } from '../../../shared/wire/evidence.ts';

const kindWords: Readonly<Record<string, string>> = {
  'crash-extract': 'Crash dump extract',
  'boot-log': 'Boot log',
  'startup-repair-log': 'Startup Repair log',
  'boot-status': 'Boot status',
  'pending-renames-log': 'Pending renames',
  'pending-transaction': 'Pending servicing',
  'servicing-log': 'Servicing log',
  'device-install-log': 'Device installations',
  'event-log': 'System event log',
  'registry-extract': 'Registry settings',
};

/** What a piece of evidence is, in words. */
export const evidenceWord = (kind: string): string => kindWords[kind] ?? kind;

const stateSentences: Readonly<Record<string, string>> = {
  offered: 'On the machine; not asked for.',
  wanted: 'Asked for; comes with the next message of the machine.',
  receiving: 'Arriving now.',
  stored: 'Here; not read yet.',
  parsed: 'Here and read.',
  unreadable: 'Here, but it could not be read. The file itself is kept.',
  expired: 'Deleted after its time; the hash stays.',
};

/** Where a piece of evidence stands, in one sentence. */
export const evidenceStateSentence = (state: string): string => stateSentences[state] ?? state;

const statesWithBytes: readonly string[] = ['stored', 'parsed', 'unreadable'];

/** What a download of a piece would be. */
export interface DownloadOffer {
  readonly isPossible: boolean;
  /** Name of the link, or why there is none. */
  readonly words: string;
}

/** What can be downloaded of a piece now; undefined when the server does not have its bytes. */
export function downloadOf(
  { kind, state }: Pick<EvidenceView, 'kind' | 'state'>,
  areNamesHidden: boolean,
): DownloadOffer | undefined {
  if (!statesWithBytes.includes(state)) return undefined;
  if (!areNamesHidden) return { isPossible: true, words: 'Download' };
  const form = evidenceKinds.find(one => one === kind);
  if (form !== undefined && redactedForms[form] === 'same' && form !== 'registry-extract')
    return { isPossible: true, words: 'Download without names' };
  return state === 'unreadable'
    ? { isPossible: false, words: 'Not without names: nothing could be read in it.' }
    : { isPossible: true, words: 'Download what was read, without names' };
}
