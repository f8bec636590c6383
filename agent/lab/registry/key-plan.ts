/** A value to be built: the number of its type and its bytes. The default value has the empty name. */
export interface ValuePlan {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
}

/** A key to be built, with all that is below it. */
export interface KeyPlan {
  readonly name: string;
  readonly values?: readonly ValuePlan[];
  readonly keys?: readonly KeyPlan[];
  /** Time of the last change; 2024-01-01 unless told. */
  readonly writtenAt?: string;
}

/** A key of a plan. */
export const key = (
  name: string,
  values: readonly ValuePlan[] = [],
  keys: readonly KeyPlan[] = [],
): KeyPlan => ({
  name,
  values,
  keys,
});

/** REG_SZ. */
export const text = (name: string, content: string): ValuePlan => ({
  name,
  type: 1,
  data: wide(content + '\0'),
});
/** REG_EXPAND_SZ. */
export const expandable = (name: string, content: string): ValuePlan => ({ ...text(name, content), type: 2 });
/** REG_BINARY. */
export const binary = (name: string, data: Uint8Array): ValuePlan => ({ name, type: 3, data });
/** REG_DWORD. */
export const dword = (name: string, number: number): ValuePlan => ({ name, type: 4, data: small(number, 4) });
/** REG_QWORD. */
export const qword = (name: string, number: number): ValuePlan => ({
  name,
  type: 11,
  data: small(number, 8),
});
/** REG_MULTI_SZ; empty texts inside are kept, as pending renames have them. */
export const list = (name: string, ...texts: string[]): ValuePlan => ({
  name,
  type: 7,
  data: wide(texts.map(one => one + '\0').join('') + '\0'),
});

function wide(content: string): Uint8Array {
  const bytes = new Uint8Array(content.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < content.length; at++) view.setUint16(at * 2, content.charCodeAt(at), true);
  return bytes;
}

function small(number: number, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number), true);
  return bytes.slice(0, lengthBytes);
}

/** Values of a key somewhere below another. */
export interface PlacedKey {
  /** Names with backslashes between them. */
  readonly path: string;
  readonly values?: readonly ValuePlan[];
}

/** The same key with others placed below it; keys on the way are made where they are missing. */
export const placeKeys = (root: KeyPlan, placed: readonly PlacedKey[] = []): KeyPlan =>
  placed.reduce((above, { path, values = [] }) => placeKey(above, path.split('\\'), values), root);

function placeKey(
  above: KeyPlan,
  [name = '', ...rest]: readonly string[],
  values: readonly ValuePlan[],
): KeyPlan {
  const keys = above.keys ?? [];
  const isIt = (one: KeyPlan) => one.name.toLowerCase() === name.toLowerCase();
  const found = keys.find(isIt) ?? key(name);
  const placed =
    rest.length > 0
      ? placeKey(found, rest, values)
      : { ...found, values: mergeValues(found.values ?? [], values) };
  return { ...above, keys: [...keys.filter(one => !isIt(one)), placed] };
}

const mergeValues = (before: readonly ValuePlan[], values: readonly ValuePlan[]) => [
  ...before.filter(one => !values.some(other => other.name.toLowerCase() === one.name.toLowerCase())),
  ...values,
];
