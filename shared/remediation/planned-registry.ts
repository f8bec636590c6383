import { HiveDraft } from '../registry/hive-draft.ts';
import type { HiveEdit } from '../registry/hive-edit.ts';
import { foldName } from '../registry/record-name.ts';
import { type HiveName, type OpenedHive, OfflineRegistry } from './offline-registry.ts';
import type { RegistryChange } from './plan.ts';
import { refuse, type Refusal } from './resolve-files.ts';

/** What one edit takes for itself: a key with all below it, a value, or one entry of a list of texts. */
interface Claim {
  readonly hive: HiveName;
  readonly kind: HiveEdit['kind'];
  readonly key: string;
  /** Undefined for an edit of the key itself. */
  readonly name: string | undefined;
  /** Undefined for the whole value. */
  readonly entry: string | undefined;
}

/** The registry as the lines that were planned so far leave it, all in memory. */
export class PlannedRegistry extends OfflineRegistry {
  readonly #drafts = new Map<HiveName, HiveDraft>();
  readonly #claims: Claim[] = [];

  override open(name: HiveName): OpenedHive {
    const opened = super.open(name);
    const draft = this.#drafts.get(name);
    return opened.ok && draft ? { ...opened, recovered: { ...opened.recovered, hive: draft.hive } } : opened;
  }

  /** Whether an earlier line changes the same value; different entries of one list of texts do not hinder each other. */
  isTaken({ hive, edit }: RegistryChange): boolean {
    const claim = claimOf(hive, edit);
    return this.#claims.some(one => areOpposed(one, claim));
  }

  /** Makes the edits of one line, for the lines that follow; or says why one cannot be made. */
  edit(changes: readonly RegistryChange[]): Refusal | undefined {
    for (const { hive, edit } of changes) {
      const draft = this.#draftOf(hive);
      if ('code' in draft) return draft;
      const effect = draft.apply(edit);
      if (typeof effect !== 'string') return refuse('registry-not-editable', `${effect.message}.`);
      this.#claims.push(claimOf(hive, edit));
    }
    return undefined;
  }

  #draftOf(name: HiveName): HiveDraft | Refusal {
    const known = this.#drafts.get(name);
    if (known) return known;
    const opened = super.open(name);
    if (!opened.ok) return refuse('registry-not-editable', opened.reason);
    const draft = HiveDraft.of(opened.recovered);
    if ('code' in draft) return refuse('registry-not-editable', `${draft.message}.`);
    this.#drafts.set(name, draft);
    return draft;
  }
}

const claimOf = (hive: HiveName, edit: HiveEdit): Claim => ({
  hive,
  kind: edit.kind,
  key: foldName(edit.key),
  name: 'name' in edit ? foldName(edit.name) : undefined,
  entry: 'entry' in edit ? foldName(edit.entry) : undefined,
});

const areOpposed = (a: Claim, b: Claim): boolean =>
  a.hive === b.hive && (takesAway(a, b) || takesAway(b, a) || areOfOneValue(a, b));

const takesAway = ({ kind, key }: Claim, other: Claim): boolean =>
  kind === 'remove-key' && `${other.key}\\`.startsWith(`${key}\\`);

const areOfOneValue = (a: Claim, b: Claim): boolean =>
  a.key === b.key &&
  a.name !== undefined &&
  a.name === b.name &&
  (a.entry === undefined || b.entry === undefined || a.entry === b.entry);
