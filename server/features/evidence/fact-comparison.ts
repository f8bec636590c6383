import type { FactDisagreement } from '../../../shared/api/incident.ts';
import type { Facts } from '../../../shared/facts/facts.ts';

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/**
 * Facts that the device told otherwise than the server draws them from the same evidence, with the same code. A fact
 * that only one of them knows is no disagreement; neither record is changed.
 */
export function compareFacts(
  server: Facts,
  device: Readonly<Record<string, unknown>>,
): readonly FactDisagreement[] {
  return Object.entries(server).flatMap(([fact, drawn]) => {
    const told = device[fact];
    return isPlain(told) && isPlain(drawn) && told !== drawn ? [{ fact, device: told, server: drawn }] : [];
  });
}
