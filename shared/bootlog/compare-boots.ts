import type { BootLog, BootLogEntry, BootRecord } from './boot-log.ts';

/** How the newest start differs from the last one before it that went further. */
export interface BootDifference {
  /** The start it is compared with. */
  readonly good: BootRecord;
  /** Loaded then and not now, in the order of then: the first is what should have come next. */
  readonly missing: readonly BootLogEntry[];
  /** Loaded now and not then: what is new on the machine. */
  readonly added: readonly BootLogEntry[];
}

const namesOf = (boot: BootRecord) => new Set(boot.loaded.map(entry => entry.name));

/**
 * Compares the newest start with the newest earlier one that loaded more drivers: a log has no word for success, but a
 * start that went further got past the place where this one ended. Undefined when no earlier start went further.
 */
export function compareWithGoodBoot({ boots }: BootLog): BootDifference | undefined {
  const newest = boots.at(-1);
  if (!newest) return undefined;
  const now = namesOf(newest);
  const good = boots.slice(0, -1).findLast(boot => namesOf(boot).size > now.size);
  if (!good) return undefined;
  const then = namesOf(good);
  return {
    good,
    missing: firstOfEach(good.loaded).filter(entry => !now.has(entry.name)),
    added: firstOfEach(newest.loaded).filter(entry => !then.has(entry.name)),
  };
}

function firstOfEach(entries: readonly BootLogEntry[]): BootLogEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ name }) => !seen.has(name) && seen.add(name));
}
