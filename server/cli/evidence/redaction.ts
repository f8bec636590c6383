import { Redactor } from '../../../shared/redaction/redactor.ts';
import type { Terminal } from '../terminal.ts';

/** What is done to everything before it is shown. */
export interface Redaction {
  /** Takes names out of a reading; gives it back as it is when nothing is redacted. */
  readonly value: <Value>(value: Value) => Value;
  /** Finds names without showing anything. */
  readonly learn: (value: unknown) => void;
  readonly terminal: Terminal;
}

/** `--redact`: readings and messages without names of people and machines. */
export function redactionFor(isWanted: boolean, terminal: Terminal): Redaction {
  if (!isWanted) return { value: value => value, learn: () => undefined, terminal };
  const redactor = new Redactor();
  return {
    value: value => redactor.value(value),
    learn: value => redactor.learn(value),
    // Only standard error holds texts that were not redacted as values.
    terminal: { ...terminal, error: text => terminal.error(redactor.text(text)) },
  };
}
