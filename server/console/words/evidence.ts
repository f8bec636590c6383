const kindWords: Readonly<Record<string, string>> = {
  'crash-extract': 'Crash dump extract',
  'boot-log': 'Boot log',
  'startup-repair-log': 'Startup Repair log',
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

/** Whether the server still has the bytes. */
export const hasBytes = (state: string): boolean => ['stored', 'parsed', 'unreadable'].includes(state);
