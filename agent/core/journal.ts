import * as z from 'zod/mini';
import { base64Of, bytesOfBase64 } from '../../shared/bytes/base64.ts';
import { hexOf } from '../../shared/bytes/hex.ts';
import { textOfUtf8, utf8Of } from '../../shared/bytes/utf8.ts';
import type { HiveEdit } from '../../shared/registry/plan-edits.ts';
import { random128, serverId, sha256Hex } from '../../shared/wire/primitives.ts';
import type { Host } from '../host/host.ts';
import { stateFolderOn } from './state-folder.ts';
import { joinPath } from './windows-path.ts';

const registryName = z.string().check(z.maxLength(512));
const pathOnVolume = z.string().check(z.regex(/^\\[^\\].*$/), z.maxLength(1024));

/** One edit of a hive, with the line of the script it comes from; data is base64. */
const editRecord = z.object({
  line: z.int().check(z.positive()),
  /** In words, for the outcome. */
  what: z.string().check(z.maxLength(512)),
  edit: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('set-value'),
      key: registryName,
      name: registryName,
      type: z.int(),
      data: z.string().check(z.maxLength(16 * 1024)),
    }),
    z.object({ kind: z.literal('remove-value'), key: registryName, name: registryName }),
    z.object({
      kind: z.literal('remove-list-entry'),
      key: registryName,
      name: registryName,
      entry: registryName,
    }),
  ]),
});

/** A change that is about to be made. Paths have no drive letter: letters change from start to start. */
export const intent = z.object({
  kind: z.literal('intent'),
  number: z.int().check(z.positive(), z.maximum(10_000)),
  /** Line of the script; 0 for what the agent does on its own account. */
  line: z.int().check(z.nonnegative()),
  /**
   * `set-aside` is the live hibernation image. The first three are one rename; delete and set-aside go to quarantine.
   * `edit-hive` puts a new file in the place of a hive and keeps the old one in quarantine.
   */
  action: z.enum(['delete', 'rename', 'set-aside', 'edit-hive']),
  from: pathOnVolume,
  to: pathOnVolume,
  sizeBytes: z.int().check(z.nonnegative()),
  writtenAtMs: z.int(),
  /** All edits of one hive, in their order; with `edit-hive` alone. */
  edits: z.optional(z.array(editRecord).check(z.minLength(1), z.maxLength(1024))),
});
export type Intent = z.infer<typeof intent>;
/** The intent to swap a hive. */
export type HiveIntent = Intent & { readonly action: 'edit-hive' };

/** The edits of a hive as the journal keeps them. */
export const recordedEdits = (
  edits: readonly { readonly line: number; readonly what: string; readonly edit: HiveEdit }[],
): NonNullable<Intent['edits']> =>
  edits.map(({ line, what, edit }) => ({
    line,
    what,
    edit: edit.kind === 'set-value' ? { ...edit, data: base64Of(edit.data) } : edit,
  }));

/** The edits of a hive read back; undefined when the record holds none, or none that can be read. */
export function hiveEditsOf({ edits }: Intent): readonly HiveEdit[] | undefined {
  const read = edits?.map(({ edit }): HiveEdit | undefined => {
    if (edit.kind !== 'set-value') return edit;
    const data = bytesOfBase64(edit.data);
    return data && { ...edit, data };
  });
  const whole = read?.filter(edit => edit !== undefined);
  return whole?.length === read?.length ? whole : undefined;
}

const record = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begin'),
    attemptId: serverId,
    episode: random128,
    scriptSha256: sha256Hex,
  }),
  intent,
  z.object({ kind: z.literal('applied') }),
  z.object({ kind: z.literal('undone') }),
]);
export type JournalRecord = z.infer<typeof record>;

/** A journal as it stands on disk. */
export interface Journal {
  readonly attemptId: string;
  readonly path: string;
  readonly intents: readonly Intent[];
  /** The last word: `open` means changes may be half made. */
  readonly state: 'open' | 'applied' | 'undone';
  /** Checksum of the last good record; the next one continues from it. */
  readonly checksum: string;
}

const maxJournalBytes = 4 * 1024 * 1024;
const firstChecksum = '0'.repeat(16);
const linePattern = /^([0-9a-f]{16}) (\{.*\})$/;

const checksumOf = (host: Host, previous: string, json: string) =>
  hexOf(host.sha256(utf8Of(`${previous} ${json}`))).slice(0, 16);

const journalPath = (root: string, attemptId: string) =>
  joinPath(stateFolderOn(root).journals, `${attemptId}.journal`);

/**
 * Appends a record and makes it durable. Each line carries a checksum that continues from the line before, and stands
 * between line breaks of its own, so that a tail torn by a power cut, zeros included, spoils nothing but itself.
 */
export function appendRecord(host: Host, journal: Journal, next: JournalRecord): Journal {
  const json = JSON.stringify(next);
  const checksum = checksumOf(host, journal.checksum, json);
  host.files.append(journal.path, utf8Of(`\n${checksum} ${json}\n`));
  host.files.flush(journal.path);
  return { ...journal, ...stateAfter(journal, next), checksum };
}

/** Begins the journal of an attempt; fails when there is one already. */
export function beginJournal(
  host: Host,
  root: string,
  begin: { readonly attemptId: string; readonly episode: string; readonly scriptSha256: string },
): Journal {
  const path = journalPath(root, begin.attemptId);
  host.files.makeDirectory(stateFolderOn(root).journals);
  host.files.create(path, utf8Of(''));
  const empty: Journal = {
    attemptId: begin.attemptId,
    path,
    intents: [],
    state: 'open',
    checksum: firstChecksum,
  };
  return appendRecord(host, empty, { kind: 'begin', ...begin });
}

/** Every journal on the volume, in name order; one whose chain is broken is named as damaged. */
export function listJournals(
  host: Host,
  root: string,
): { readonly journals: readonly Journal[]; readonly damaged: readonly string[] } {
  const journals: Journal[] = [];
  const damaged: string[] = [];
  for (const entry of host.files.list(stateFolderOn(root).journals) ?? []) {
    const attemptId = entry.name.replace(/\.journal$/i, '').toLowerCase();
    if (entry.kind !== 'file' || !serverId.safeParse(attemptId).success) continue;
    const journal = entry.sizeBytes <= maxJournalBytes && readJournal(host, root, attemptId);
    if (journal) journals.push(journal);
    else damaged.push(entry.name);
  }
  return { journals, damaged };
}

/** The journal of an attempt; undefined when there is none or it does not begin as a journal of that attempt. */
export function findJournal(host: Host, root: string, attemptId: string): Journal | undefined {
  return host.files.find(journalPath(root, attemptId))?.kind === 'file'
    ? readJournal(host, root, attemptId)
    : undefined;
}

function readJournal(host: Host, root: string, attemptId: string): Journal | undefined {
  const path = journalPath(root, attemptId);
  const { text } = textOfUtf8(host.files.read(path, 0, maxJournalBytes));
  let journal: Journal = { attemptId, path, intents: [], state: 'open', checksum: firstChecksum };
  for (const line of text.split('\n')) {
    const [, checksum, json] = linePattern.exec(line) ?? [];
    // A line without the shape was torn while it was written, so what it announced was never done.
    if (checksum === undefined || json === undefined) continue;
    if (checksum !== checksumOf(host, journal.checksum, json)) return undefined;
    const parsed = parseRecord(json);
    if (!parsed || (parsed.kind === 'begin' && parsed.attemptId !== attemptId)) return undefined;
    journal = { ...journal, ...stateAfter(journal, parsed), checksum };
  }
  return journal;
}

function parseRecord(json: string): JournalRecord | undefined {
  try {
    const parsed = record.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function stateAfter(journal: Journal, next: JournalRecord): Pick<Journal, 'intents' | 'state'> {
  switch (next.kind) {
    case 'begin':
      return journal;
    case 'intent':
      return { intents: [...journal.intents, next], state: 'open' };
    case 'applied':
    case 'undone':
      return { intents: journal.intents, state: next.kind };
    default:
      return next satisfies never;
  }
}
