import type { BytePatch } from './byte-patch.ts';
import { cleanHead, nextSequence } from './base-block.ts';
import { CellSpace } from './cell-space.ts';
import { type Hive, openHive } from './hive.ts';
import type { EditEffect, EditProblem, HiveEdit, ValueEdit } from './hive-edit.ts';
import { HiveImage } from './hive-image.ts';
import { KeyEditor } from './key-editor.ts';
import { keyFlags, keyNode, sectorBytes } from './layout.ts';
import type { RecoveredHive } from './recover-hive.ts';
import { resolveValue } from './resolve-value.ts';
import { HiveFullError, ValueEditor } from './value-editor.ts';

/**
 * A hive with edits made in memory, one after another; the file stays as it is. Behind an edit that could not be made
 * the draft is of no use any more.
 */
export class HiveDraft {
  /** Sequence number of the edited hive, newer than everything in its logs. */
  readonly sequence: number;
  readonly #image: HiveImage;
  readonly #space: CellSpace;
  readonly #writtenAt: bigint | undefined;
  #hive: Hive;

  private constructor(
    image: HiveImage,
    space: CellSpace,
    { hive, newestSequence }: RecoveredHive,
    writtenAt: bigint | undefined,
  ) {
    this.#image = image;
    this.#space = space;
    this.#hive = hive;
    this.#writtenAt = writtenAt;
    this.sequence = nextSequence(newestSequence);
  }

  /** `writtenAt` becomes the time of the changed keys, as a FILETIME; without it they keep theirs. */
  static of(recovered: RecoveredHive, writtenAt?: bigint): HiveDraft | EditProblem {
    if (recovered.state === 'incomplete' || recovered.state === 'unrecovered') {
      const message =
        'changes wait in logs that could not be replayed; a hive is edited only with all of its logs';
      return { code: 'hive-not-recovered', message };
    }
    const image = new HiveImage(recovered.file);
    for (const { offset, after } of recovered.patches) image.write(offset, after);
    const space = CellSpace.of(image, recovered.hive);
    return space
      ? new HiveDraft(image, space, recovered, writtenAt)
      : { code: 'hive-damaged', message: 'the bins or cells of the hive are broken; it is not edited' };
  }

  /** The hive as the edits so far make it. */
  get hive(): Hive {
    return this.#hive;
  }

  /** From the hive file as it is to the edited one, replayed logs included. */
  patches(): readonly BytePatch[] | EditProblem {
    const patches = this.#image.patches();
    return this.#image.hasUnreadable
      ? { code: 'hive-damaged', message: 'places of the file cannot be read; it is not edited' }
      : patches;
  }

  /** Makes one edit. */
  apply(edit: HiveEdit): EditEffect | EditProblem {
    const opened = openHive(this.#image);
    if (!opened.ok) return { code: 'hive-damaged', message: opened.problem.message };
    try {
      const effect = 'name' in edit ? this.#editValue(opened.hive, edit) : this.#editKey(opened.hive, edit);
      if (typeof effect !== 'string') return effect;
      this.#writeHead();
      const edited = openHive(this.#image);
      if (!edited.ok) return { code: 'hive-damaged', message: edited.problem.message };
      this.#hive = edited.hive;
      return effect;
    } catch (error) {
      if (!(error instanceof HiveFullError)) throw error;
      return {
        code: 'hive-full',
        message: 'the hive has no room for the change: its bins are at their limit of 2 GiB',
      };
    }
  }

  /** Makes it a clean hive of its own also where no edit changes anything. */
  rewrite(): void {
    this.#writeHead();
  }

  #writeHead(): void {
    const { sequence } = this;
    const { binsSizeBytes } = this.#space;
    this.#image.write(0, cleanHead(this.#image.read(0, sectorBytes), { sequence, binsSizeBytes }));
  }

  #editKey(hive: Hive, { kind, key }: Exclude<HiveEdit, ValueEdit>): EditEffect | EditProblem {
    const editor = new KeyEditor(this.#image, hive, this.#space);
    return kind === 'create-key' ? editor.create(key, this.#writtenAt) : editor.remove(key, this.#writtenAt);
  }

  #editValue(hive: Hive, edit: ValueEdit): EditEffect | EditProblem {
    const key = hive.findKey(edit.key);
    if (!key) return { code: 'key-absent', message: `there is no key ${edit.key}` };
    if ((this.#image.u16(key.offset + keyNode.flags) & keyFlags.predefinedHandle) !== 0) {
      return {
        code: 'key-not-editable',
        message: `the key ${edit.key} is a predefined handle, not a key with values`,
      };
    }
    const wanted = resolveValue(hive, key, edit);
    if ('code' in wanted) return wanted;
    const value = hive.findValue(key, edit.name);
    const present = value && hive.dataOf(value);
    if (hive.problems.length > 0) {
      return {
        code: 'hive-damaged',
        message: `the key ${edit.key} cannot be edited: ${hive.problems[0]!.message}`,
      };
    }
    const editor = new ValueEditor(this.#image, hive, this.#space);
    let effect: EditEffect = 'unchanged';
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
    if (effect !== 'unchanged' && this.#writtenAt !== undefined) {
      const time = new Uint8Array(8);
      new DataView(time.buffer).setBigUint64(0, this.#writtenAt, true);
      this.#image.write(key.offset + keyNode.lastWritten, time);
    }
    return effect;
  }
}

const areEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
