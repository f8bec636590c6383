/** A change to a key. Keys are paths from the root; the default value has the empty name. */
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
    }
  /** Makes an empty key below one that exists. */
  | { readonly kind: 'create-key'; readonly key: string }
  /** Removes a key with everything in and below it. */
  | { readonly kind: 'remove-key'; readonly key: string };

/** A change to one value of a key that exists. */
export type ValueEdit = Extract<HiveEdit, { readonly name: string }>;

/** What an edit does to the hive. `unchanged`: the hive says already what was asked for. */
export type EditEffect = 'unchanged' | 'added' | 'changed' | 'removed';

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
