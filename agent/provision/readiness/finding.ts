import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';

const mostLetters = 500;

/**
 * The findings of one question. Each of them says what was found; what is not good says in a plain sentence what a person
 * can do, and the command that does it where one does.
 */
export const findingOf = (code: string, weight: number) => ({
  good: (found: string): ReadinessFinding => ({
    code,
    state: 'good',
    weight,
    found: found.slice(0, mostLetters),
  }),
  bad: (found: string, advice: string, command?: string) =>
    lacking(code, weight, 'bad', found, advice, command),
  /** What could not be read is not good. */
  unknown: (found: string, advice: string, command?: string) =>
    lacking(code, weight, 'unknown', found, advice, command),
});

const lacking = (
  code: string,
  weight: number,
  state: 'bad' | 'unknown',
  found: string,
  advice: string,
  command: string | undefined,
): ReadinessFinding => ({
  code,
  state,
  weight,
  found: found.slice(0, mostLetters),
  advice,
  ...(command !== undefined && { command }),
});
