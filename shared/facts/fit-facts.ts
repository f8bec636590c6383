import { utf8LengthOf } from '../bytes/utf8.ts';
import type { Facts, FactValue } from './facts.ts';

/** How many bytes a value takes in a message. */
export const jsonBytesOf = (value: unknown): number => utf8LengthOf(JSON.stringify(value));

/**
 * As many facts as fit into so many bytes of JSON, the most telling groups first: when one does not fit, it and all that
 * would come after it are left out and stay unknown.
 */
export function fitFacts(mostTellingFirst: readonly Facts[], mostJsonBytes: number): Facts {
  const fitting: Record<string, FactValue> = {};
  let length = 2;
  for (const [name, value] of mostTellingFirst.flatMap(group => Object.entries(group))) {
    const known = fitting[name];
    if (known !== undefined) continue;
    length += jsonBytesOf(name) + jsonBytesOf(value) + 2;
    if (length > mostJsonBytes) break;
    fitting[name] = value;
  }
  return fitting;
}
