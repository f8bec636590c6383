/** What a secret is; also the word its pseudonym begins with. */
export const secretKinds = ['user', 'host', 'domain', 'sid', 'email', 'ip', 'mac', 'serial'] as const;
export type SecretKind = (typeof secretKinds)[number];

const pseudonymText = `(?:${secretKinds.join('|')})-\\d{1,6}`;
const wholePseudonym = new RegExp(`^${pseudonymText}$`);

/** Whether a text is a pseudonym already; those are left alone, so that redacting twice changes nothing. */
export const isPseudonym = (text: string): boolean => wholePseudonym.test(text);

/** The names that stand for secrets: the same one for the same secret, letter case aside, for as long as it lives. */
export class Pseudonyms {
  readonly #bySecret = new Map<string, string>();
  readonly #counts = new Map<SecretKind, number>();

  of(kind: SecretKind, secret: string): string {
    if (isPseudonym(secret)) return secret;
    const key = `${kind}:${secret.toLowerCase()}`;
    const known = this.#bySecret.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const pseudonym = `${kind}-${count}`;
    this.#bySecret.set(key, pseudonym);
    return pseudonym;
  }
}

/** Finds names as whole words, and pseudonyms before them, so that those are never taken apart. */
export function wordsPattern(names: readonly string[]): RegExp {
  const escaped = names
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(name => name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(
    `(?<![\\p{L}\\p{N}])(?:(${pseudonymText})|(${escaped.join('|')}))(?![\\p{L}\\p{N}])`,
    'giu',
  );
}
