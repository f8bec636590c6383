import { textOfUtf16 } from '../bytes/utf16.ts';
import { cleanHead, nextSequence } from './base-block.ts';
import type { BytePatch } from './byte-patch.ts';
import { CellSpace } from './cell-space.ts';
import { fileTimeOfInstant } from './file-time.ts';
import { type Hive, openHive } from './hive.ts';
import { HiveImage } from './hive-image.ts';
import type { HiveKey } from './key-node.ts';
import { keyFlags, keyNode, sectorBytes } from './layout.ts';
import type { RecoveredHive } from './recover-hive.ts';
import { foldName } from './record-name.ts';
import { HiveFullError, ValueEditor } from './value-editor.ts';
import { decodeTextList, encodeTextList, valueTypes } from './value-type.ts';

const mostNameUnits = 16383;
const mostDataBytes = 1024 * 1024;

/** A change to the values of a key that exists. Keys are paths from the root; the default value has the empty name. */
export type HiveEdit =
  | {
      readonly kind: 'set-value';
      readonly key: string;
      readonly name: string;
      /** As in `valueTypes`. */
      readonly type: number;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'remove-value'; readonly key: string; readonly name: string }
  /** Takes an entry out of a list of texts; a value that would be left empty is removed. */
  | {
      readonly kind: 'remove-list-entry';
      readonly key: string;
      readonly name: string;
      readonly entry: string;
    }
  /** Puts an entry into a list of texts that lacks it; the value is made where it is missing. */
  | {
      readonly kind: 'add-list-entry';
      readonly key: string;
      readonly name: string;
      readonly entry: string;
      /** The entry that it stands before; null puts it last. */
      readonly before: string | null;
    };

/** What an edit does to the hive. `unchanged`: the hive says already what was asked for. */
export type EditEffect = 'unchanged' | 'added' | 'changed' | 'removed';

/** Edits as bytes. Nothing is changed yet; `applyPatches` and `invertPatches` do and undo it. */
export interface EditPlan {
  /** From the hive file as it is to the edited one, replayed logs included; none when every edit is `unchanged`. */
  readonly patches: readonly BytePatch[];
  /** One for each edit, in order. */
  readonly effects: readonly EditEffect[];
  /** Sequence number of the edited hive, newer than everything in its logs. */
  readonly sequence: number;
}

/** Why edits cannot be planned. */
export interface EditProblem {
  readonly code:
    | 'hive-not-recovered'
    | 'hive-damaged'
    | 'hive-full'
    | 'key-absent'
    | 'key-not-editable'
    | 'not-a-list'
    | 'entry-absent'
    | 'name-too-long'
    | 'data-too-long'
    | 'not-an-instant';
  readonly message: string;
  /** Index of the edit that cannot be planned; absent when it is the hive. */
  readonly edit?: number;
}

export type EditPlanResult =
  { readonly ok: true; readonly plan: EditPlan } | { readonly ok: false; readonly problem: EditProblem };

/**
 * Plans changes to values as byte patches over the hive file. The edited hive is clean: its logs were replayed into it
 * and its sequence number is newer than theirs, so that Windows neither replays them nor can ever take one of their
 * entries for a continuation. The log files therefore stay as they are, and undoing the patches restores hive and logs
 * to the byte. `writtenAt` becomes the time of the changed keys; without it they keep theirs.
 */
export function planEdits(
  recovered: RecoveredHive,
  edits: readonly HiveEdit[],
  options: { readonly writtenAt?: string } = {},
): EditPlanResult {
  const refuse = (code: EditProblem['code'], message: string): EditPlanResult => ({
    ok: false,
    problem: { code, message },
  });
  if (recovered.state === 'incomplete' || recovered.state === 'unrecovered') {
    const message =
      'changes wait in logs that could not be replayed; a hive is edited only with all of its logs';
    return refuse('hive-not-recovered', message);
  }
  const writtenAt = options.writtenAt === undefined ? undefined : fileTimeOfInstant(options.writtenAt);
  if (options.writtenAt !== undefined && writtenAt === undefined) {
    return refuse('not-an-instant', `${options.writtenAt} is no instant such as 2026-01-31T12:00:00Z`);
  }
  const image = new HiveImage(recovered.file);
  for (const { offset, after } of recovered.patches) image.write(offset, after);
  const space = CellSpace.of(image, recovered.hive);
  if (!space) return refuse('hive-damaged', 'the bins or cells of the hive are broken; it is not edited');
  const sequence = nextSequence(recovered.newestSequence);
  const effects: EditEffect[] = [];
  for (const [index, edit] of edits.entries()) {
    const effect = applyEdit(image, space, edit, writtenAt);
    if (typeof effect !== 'string') return { ok: false, problem: { ...effect, edit: index } };
    effects.push(effect);
    writeHead(image, sequence, space.binsSizeBytes);
  }
  const changed = effects.some(effect => effect !== 'unchanged');
  const patches = changed ? image.patches() : [];
  if (image.hasUnreadable) {
    return refuse('hive-damaged', 'places of the file cannot be read; it is not edited');
  }
  return { ok: true, plan: { patches, effects, sequence } };
}

function writeHead(image: HiveImage, sequence: number, binsSizeBytes: number): void {
  image.write(0, cleanHead(image.read(0, sectorBytes), { sequence, binsSizeBytes }));
}

function applyEdit(
  image: HiveImage,
  space: CellSpace,
  edit: HiveEdit,
  writtenAt: bigint | undefined,
): EditEffect | EditProblem {
  const opened = openHive(image);
  if (!opened.ok) return { code: 'hive-damaged', message: opened.problem.message };
  const { hive } = opened;
  const key = hive.findKey(edit.key);
  if (!key) return { code: 'key-absent', message: `there is no key ${edit.key}; keys are not created` };
  if ((image.u16(key.offset + keyNode.flags) & keyFlags.predefinedHandle) !== 0) {
    return {
      code: 'key-not-editable',
      message: `the key ${edit.key} is a predefined handle, not a key with values`,
    };
  }
  const wanted = resolve(hive, key, edit);
  if ('code' in wanted) return wanted;
  const value = hive.findValue(key, edit.name);
  const present = value && hive.dataOf(value);
  if (hive.problems.length > 0) {
    return {
      code: 'hive-damaged',
      message: `the key ${edit.key} cannot be edited: ${hive.problems[0]!.message}`,
    };
  }
  const editor = new ValueEditor(image, hive, space);
  let effect: EditEffect = 'unchanged';
  try {
    if (wanted.data === undefined) {
      if (value) {
        editor.remove(key, value);
        effect = 'removed';
      }
    } else if (!value) {
      editor.add(key, edit.name, wanted.type, wanted.data);
      effect = 'added';
    } else if (value.type !== wanted.type || !areEqual(present!, wanted.data)) {
      editor.overwrite(key, value, wanted.type, wanted.data);
      effect = 'changed';
    }
  } catch (error) {
    if (!(error instanceof HiveFullError)) throw error;
    return {
      code: 'hive-full',
      message: 'the hive has no room for the value: its bins are at their limit of 2 GiB',
    };
  }
  if (effect !== 'unchanged' && writtenAt !== undefined) {
    const time = new Uint8Array(8);
    new DataView(time.buffer).setBigUint64(0, writtenAt, true);
    image.write(key.offset + keyNode.lastWritten, time);
  }
  return effect;
}

/** What the value shall be; without data it shall not be. */
function resolve(
  hive: Hive,
  key: HiveKey,
  edit: HiveEdit,
): { readonly type: number; readonly data: Uint8Array | undefined } | EditProblem {
  if (edit.kind === 'remove-value') return { type: 0, data: undefined };
  if (edit.kind === 'set-value') {
    if (edit.name.length > mostNameUnits) {
      const message = `the value name has ${edit.name.length} characters; Windows allows ${mostNameUnits}`;
      return { code: 'name-too-long', message };
    }
    if (edit.data.length > mostDataBytes) {
      return {
        code: 'data-too-long',
        message: `${edit.data.length} bytes are more than the 1 MiB a value may have`,
      };
    }
    return { type: edit.type, data: edit.data };
  }
  const value = hive.findValue(key, edit.name);
  if (!value) return edit.kind === 'add-list-entry' ? withEntry([], edit) : { type: 0, data: undefined };
  const data = hive.dataOf(value);
  const entries = decodeTextList(data);
  // A list with empty texts inside, as pending renames are, would lose what follows them.
  const isList = textOfUtf16(data).replace(/\0+$/, '') === entries.join('\0');
  if (value.type !== valueTypes.textList || !isList) {
    return {
      code: 'not-a-list',
      message: `the value ${edit.name} of ${edit.key} is no list of texts (REG_MULTI_SZ)`,
    };
  }
  const has = (entry: string) => entries.some(one => foldName(one) === foldName(entry));
  if (edit.kind === 'add-list-entry')
    return has(edit.entry) ? { type: value.type, data } : withEntry(entries, edit);
  const kept = entries.filter(entry => foldName(entry) !== foldName(edit.entry));
  if (kept.length === entries.length) return { type: value.type, data };
  return { type: value.type, data: kept.length === 0 ? undefined : encodeTextList(kept) };
}

/** The list with one more entry. */
function withEntry(
  entries: readonly string[],
  { key, name, entry, before }: HiveEdit & { readonly kind: 'add-list-entry' },
): { readonly type: number; readonly data: Uint8Array } | EditProblem {
  const at = before === null ? entries.length : entries.findIndex(one => foldName(one) === foldName(before));
  if (at < 0) return { code: 'entry-absent', message: `the value ${name} of ${key} does not list ${before}` };
  return { type: valueTypes.textList, data: encodeTextList(entries.toSpliced(at, 0, entry)) };
}

const areEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
