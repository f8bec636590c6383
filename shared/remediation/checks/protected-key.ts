import { findProtectedKey } from '../protected-keys.ts';
import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** No step sets or removes a value in a protected key. */
export const protectedKey: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    if (action.verb !== 'set registry' && action.verb !== 'remove registry') continue;
    const { hive, key, span } = action.value;
    const what = findProtectedKey(hive, key);
    if (what === undefined) continue;
    report.add(
      'protected-key',
      span,
      `This belongs to ${what}, where no script sets values. Expected: a key outside the protected ones; for the start of a driver or service, disable or enable.`,
    );
  }
};
