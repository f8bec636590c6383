import { isVersionField, kindOfField } from './fields.ts';
import { type Pattern, patterns } from './patterns.ts';
import { Pseudonyms, type SecretKind, isPseudonym, secretKinds, wordsPattern } from './pseudonyms.ts';
import { isTellingName } from './windows-words.ts';

export interface RedactionOptions {
  /** What is replaced; everything when left out. */
  readonly kinds?: readonly SecretKind[];
  /** Names that are known to be secret, as those of hosts in an inventory. */
  readonly names?: Readonly<Partial<Record<SecretKind, readonly string[]>>>;
}

/**
 * Replaces names of people and machines by pseudonyms (`user-1`, `host-1`): the same one for the same name, in every
 * text and reading that one redactor is given. A name found in one place is replaced wherever it stands as a word, so
 * `learn` all that will be shown before the first of it is. Redacting what is redacted changes nothing.
 */
export class Redactor {
  readonly #pseudonyms = new Pseudonyms();
  readonly #kinds: ReadonlySet<SecretKind>;
  readonly #names = new Map<string, SecretKind>();
  #words: RegExp | undefined;

  constructor({ kinds = secretKinds, names = {} }: RedactionOptions = {}) {
    this.#kinds = new Set(kinds);
    for (const kind of secretKinds) for (const name of names[kind] ?? []) this.#remember(kind, name);
  }

  /** Finds the names in a reading or text, without changing it. */
  learn(value: unknown): void {
    visit(value, '', '', (text, field, parent) => {
      const kind = kindOfField(field, parent);
      if (kind) this.#remember(kind, text);
      this.#replaceByPattern(text, field);
    });
  }

  /** A text without secrets. */
  text(text: string): string {
    return this.#redact(text, '');
  }

  /** A reading of the same shape without secrets, in names of fields too. */
  value<Value>(value: Value): Value {
    this.learn(value);
    return this.#map(value, '', '') as Value;
  }

  #map(value: unknown, field: string, parent: string): unknown {
    if (typeof value === 'string') {
      const kind = kindOfField(field, parent);
      return kind && this.#kinds.has(kind) && value !== ''
        ? this.#pseudonyms.of(kind, value)
        : this.#redact(value, field);
    }
    if (Array.isArray(value)) return value.map(one => this.#map(one, field, parent));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, one]) => [key, this.#map(one, key, field)] as const);
    return Object.fromEntries(this.#redactKeys(entries));
  }

  #redactKeys(entries: readonly (readonly [string, unknown])[]): (readonly [string, unknown])[] {
    const taken = new Set<string>();
    return entries.map(([key, one]) => {
      let name = this.text(key);
      // Names that differ in letter case alone have one pseudonym.
      for (let count = 2; taken.has(name); count++) name = `${this.text(key)} (${count})`;
      taken.add(name);
      return [name, one] as const;
    });
  }

  #redact(text: string, field: string): string {
    const replaced = this.#replaceByPattern(text, field);
    if (this.#names.size === 0) return replaced;
    this.#words ??= wordsPattern([...this.#names.keys()]);
    return replaced.replaceAll(this.#words, (found: string, pseudonym: string | undefined) => {
      const kind = this.#names.get(found.toLowerCase());
      return pseudonym !== undefined || !kind ? found : this.#pseudonyms.of(kind, found);
    });
  }

  #replaceByPattern(text: string, field: string): string {
    let replaced = text;
    for (const pattern of patterns) {
      if (!this.#kinds.has(pattern.kind) || (pattern.kind === 'ip' && isVersionField(field))) continue;
      if (!holdsAny(replaced, pattern.needs)) continue;
      replaced = replaced.replaceAll(pattern.pattern, (found: string, ...more: unknown[]) =>
        this.#replaceFound(pattern, found, more.at(-1) as Record<string, string | undefined>),
      );
    }
    return replaced;
  }

  #replaceFound(
    { kind, isName, accept }: Pattern,
    found: string,
    groups: Record<string, string | undefined>,
  ) {
    const secret = groups['secret'] ?? groups['short'] ?? found;
    if (isPseudonym(secret) || accept?.(secret, groups) === false) return found;
    if (isName) this.#remember(kind, secret);
    return this.#pseudonyms.of(kind, secret);
  }

  #remember(kind: SecretKind, name: string): void {
    if (!this.#kinds.has(kind) || isPseudonym(name) || !isTellingName(name)) return;
    const key = name.toLowerCase();
    if (this.#names.has(key)) return;
    this.#names.set(key, kind);
    this.#words = undefined;
  }
}

function holdsAny(text: string, characters: string): boolean {
  for (const character of characters) if (text.includes(character)) return true;
  return false;
}

function visit(
  value: unknown,
  field: string,
  parent: string,
  use: (text: string, field: string, parent: string) => void,
): void {
  if (typeof value === 'string') use(value, field, parent);
  else if (Array.isArray(value)) for (const one of value) visit(one, field, parent, use);
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      use(key, '', '');
      visit(one, key, field, use);
    }
}
