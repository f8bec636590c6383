import { findProtectedKey, findProtectionBelow, isProtectedValue } from '../protected-keys.ts';
import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

/** No step sets or removes a value in a protected key, or sets one that makes Windows run a program. */
export const protectedKey: Check = (script, report) => {
  for (const action of actionsOf(script)) {
    if (action.verb === 'remove registry key') {
      const { hive, key, span } = action.key;
      const what = findProtectionBelow(hive, key);
      if (what !== undefined)
        report.add(
          'protected-key',
          span,
          `This holds what belongs to ${what}, and no script takes it away. Expected: a key outside the protected ones that has none of them below it.`,
        );
      continue;
    }
    if (!('value' in action)) continue;
    const { hive, key, name, span } = action.value;
    const what = findProtectedKey(hive, key);
    const makes = action.verb === 'set registry' || action.verb === 'add registry entry';
    if (what !== undefined)
      report.add(
        'protected-key',
        span,
        `This belongs to ${what}, where no script sets values. Expected: a key outside the protected ones; for the start of a driver or service, disable or enable; for filters, add filter entry or remove filter entry.`,
      );
    else if (makes && isProtectedValue(hive, key, name))
      report.add(
        'protected-key',
        span,
        `By ${name} Windows runs programs or moves files before anybody logs on, so that no script sets it. Expected: remove registry, or remove registry entry.`,
      );
  }
};
