import type { Facts, FactValue } from './facts.ts';

/**
 * As many facts as fit into a JSON text, the most telling groups first: when one does not fit, it and all that would
 * come after it are left out and stay unknown.
 */
export function fitFacts(mostTellingFirst: readonly Facts[], mostJsonLength: number): Facts {
  const fitting: Record<string, FactValue> = {};
  let length = 2;
  for (const [name, value] of mostTellingFirst.flatMap(group => Object.entries(group))) {
    const known = fitting[name];
    if (known !== undefined) continue;
    length += JSON.stringify(name).length + JSON.stringify(value).length + 2;
    if (length > mostJsonLength) break;
    fitting[name] = value;
  }
  return fitting;
}
