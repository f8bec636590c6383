import * as z from 'zod/mini';
import { base64Of, bytesOfBase64 } from '../../shared/bytes/base64.ts';
import { hexOf } from '../../shared/bytes/hex.ts';
import { textOfUtf8, utf8Of } from '../../shared/bytes/utf8.ts';
import type { HiveEdit } from '../../shared/registry/hive-edit.ts';
import { toolProofs, type ToolProof } from '../../shared/wire/outcome.ts';
import { random128, serverId, sha256Hex } from '../../shared/wire/primitives.ts';
import type { Host } from '../host/host.ts';
import { stateFolderOn } from './state-folder.ts';
import { joinPath } from './windows-path.ts';

const registryName = z.string().check(z.maxLength(512));
const pathOnVolume = z.string().check(z.regex(/^\\[^\\].*$/), z.maxLength(1024));

// Built when first asked for: most starts find no journal, and building these takes the interpreter milliseconds.

/** One edit of a hive, with the line of the script it comes from; data is base64. */
const editRecord = z.lazy(() =>
  z.object({
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
      z.object({
        kind: z.literal('add-list-entry'),
        key: registryName,
        name: registryName,
        entry: registryName,
        before: z.nullable(registryName),
      }),
      z.object({ kind: z.literal('create-key'), key: registryName }),
      z.object({ kind: z.literal('remove-key'), key: registryName }),
    ]),
  }),
);

/** A change that is about to be made. Paths have no drive letter: letters change from start to start. */
export const intent = z.lazy(() =>
  z.object({
    kind: z.literal('intent'),
    number: z.int().check(z.positive(), z.maximum(10_000)),
    /** Line of the script; 0 for what the agent does on its own account. */
    line: z.int().check(z.nonnegative()),
    /**
     * `set-aside` is the live hibernation image. The first three are one rename; delete and set-aside go to quarantine.
     * `edit-hive` puts a new file in the place of a hive and keeps the old one in quarantine; `copy` does so at any path.
     */
    action: z.enum(['delete', 'rename', 'set-aside', 'edit-hive', 'copy']),
    from: pathOnVolume,
    to: pathOnVolume,
    sizeBytes: z.int().check(z.nonnegative()),
    writtenAtMs: z.int(),
    /** All edits of one hive, in their order; with `edit-hive` alone. */
    edits: z.optional(z.array(editRecord).check(z.minLength(1), z.maxLength(1024))),
    /** A whole hive takes its place, edits or not; with `edit-hive` alone. */
    swap: z.optional(
      z.object({
        line: z.int().check(z.positive()),
        /** In words, for the outcome. */
        what: z.string().check(z.maxLength(512)),
        /** The file that it is made from; absent for the hive itself. */
        source: z.optional(z.object({ path: pathOnVolume, sha256: sha256Hex })),
      }),
    ),
    /** What is copied to `from`; with `copy` alone. Size and time above are those of what it replaces. */
    copy: z.optional(
      z.object({
        source: pathOnVolume,
        sizeBytes: z.int().check(z.nonnegative()),
        sha256: sha256Hex,
        replaces: z.boolean(),
      }),
    ),
  }),
);
export type Intent = z.infer<typeof intent>;
/** The intent to copy a file. */
export type CopyIntent = Intent & { readonly action: 'copy'; readonly copy: NonNullable<Intent['copy']> };
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
export function hiveEditsOf({ edits, swap }: Intent): readonly HiveEdit[] | undefined {
  if (!edits && swap) return [];
  const read = edits?.map(({ edit }): HiveEdit | undefined => {
    if (edit.kind !== 'set-value') return edit;
    const data = bytesOfBase64(edit.data);
    return data && { ...edit, data };
  });
  const whole = read?.filter(edit => edit !== undefined);
  return whole?.length === read?.length ? whole : undefined;
}

/** A tool of Windows that is about to run. The journal says so and never runs it again. */
export const toolIntent = z.lazy(() =>
  z.object({
    kind: z.literal('tool'),
    number: z.int().check(z.positive(), z.maximum(10_000)),
    line: z.int().check(z.positive()),
    class: z.enum(['repeatable', 'one-way']),
    tool: z.string().check(z.maxLength(32)),
    /** In words, for the outcome. */
    what: z.string().check(z.maxLength(512)),
  }),
);
export type ToolIntent = z.infer<typeof toolIntent>;

const record = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('begin'),
      attemptId: serverId,
      episode: random128,
      scriptSha256: sha256Hex,
    }),
    intent,
    toolIntent,
    z.object({
      kind: z.literal('tool-ended'),
      number: z.int().check(z.positive(), z.maximum(10_000)),
      code: z.string().check(z.maxLength(64)),
      /** Where the work shows, when it was done. */
      provenBy: z.optional(z.enum(toolProofs)),
    }),
    /** The point of no return: from here on nothing is taken back. */
    z.object({ kind: z.literal('no-return') }),
    /** The tool surely changed nothing, so the point of no return was not passed after all. */
    z.object({ kind: z.literal('still-returnable') }),
    z.object({ kind: z.literal('applied') }),
    z.object({ kind: z.literal('undone') }),
  ]),
);
export type JournalRecord = z.infer<typeof record>;

/** A journal as it stands on disk. */
export interface Journal {
  readonly attemptId: string;
  readonly path: string;
  readonly scriptSha256: string;
  readonly intents: readonly Intent[];
  /** Tools that ran, and how each ended as far as it did. */
  readonly tools: readonly (ToolIntent & { readonly ended?: string; readonly provenBy?: ToolProof })[];
  /** Whether the point of no return was passed. */
  readonly hasNoReturn: boolean;
  /** The last word: `open` means changes may be half made. */
  readonly state: 'open' | 'applied' | 'undone';
  /** Checksum of the last good record; the next one continues from it. */
  readonly checksum: string;
}

const maxJournalBytes = 4 * 1024 * 1024;
const maxScriptBytes = 64 * 1024;
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
  script: string,
): Journal {
  const path = journalPath(root, begin.attemptId);
  host.files.makeDirectory(stateFolderOn(root).journals);
  host.files.create(path, utf8Of(''));
  writeScript(host, root, begin.attemptId, script);
  const empty = emptyJournal(begin.attemptId, path);
  return appendRecord(host, empty, { kind: 'begin', ...begin });
}

const emptyJournal = (attemptId: string, path: string): Journal => ({
  attemptId,
  path,
  scriptSha256: '',
  intents: [],
  tools: [],
  hasNoReturn: false,
  state: 'open',
  checksum: firstChecksum,
});

const scriptPath = (root: string, attemptId: string) =>
  joinPath(stateFolderOn(root).journals, `${attemptId}.mend`);

function writeScript(host: Host, root: string, attemptId: string, script: string): void {
  const path = scriptPath(root, attemptId);
  if (host.files.find(path)) host.files.remove(path);
  host.files.create(path, utf8Of(script));
}

/** The script of an attempt as it was signed; undefined when it is not the one that the journal names. */
export function readJournaledScript(host: Host, root: string, journal: Journal): string | undefined {
  const path = scriptPath(root, journal.attemptId);
  if (host.files.find(path)?.kind !== 'file' || host.files.hash(path) !== journal.scriptSha256)
    return undefined;
  return textOfUtf8(host.files.read(path, 0, maxScriptBytes)).text;
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
  let journal = emptyJournal(attemptId, path);
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

function stateAfter(journal: Journal, next: JournalRecord): Partial<Journal> {
  switch (next.kind) {
    case 'begin':
      return { scriptSha256: next.scriptSha256 };
    case 'intent':
      return { intents: [...journal.intents, next], state: 'open' };
    case 'tool':
      return { tools: [...journal.tools, next], state: 'open' };
    case 'tool-ended':
      return {
        tools: journal.tools.map(one =>
          one.number === next.number
            ? { ...one, ended: next.code, ...(next.provenBy ? { provenBy: next.provenBy } : {}) }
            : one,
        ),
      };
    case 'no-return':
      return { hasNoReturn: true };
    case 'still-returnable':
      return { hasNoReturn: false };
    case 'applied':
    case 'undone':
      return { state: next.kind };
    default:
      return next satisfies never;
  }
}
