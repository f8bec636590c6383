/** What was said so far: the folder that relative names mean, and hives that were loaded under other names. */
export interface PasteContext {
  /** As it was written; undefined when no line changed to one. */
  folder: string | undefined;
  /** Names below HKLM, in upper case, and the hive that stands there. */
  readonly loadedHives: Map<string, 'SYSTEM' | 'SOFTWARE'>;
  /** Files that the prose of an article named last, which "it" and "them" mean. */
  named?: readonly string[];
}

/** What one pasted command comes to. */
export type TranslatedCommand =
  /** Lines of a script, not yet checked, and what an author should know about them. */
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly notes: readonly string[] }
  /** The agent does it anyway, or it has no effect on the machine. */
  | { readonly kind: 'not-needed'; readonly reason: string }
  | { readonly kind: 'not-translated'; readonly reason: string };

/** One command of Windows that authors paste. */
export interface CommandDefinition {
  /** Its names, in lower case. */
  readonly names: readonly string[];
  /** A line that is understood. */
  readonly example: string;
  readonly translate: (words: readonly string[], context: PasteContext, name: string) => TranslatedCommand;
}

export const lines = (some: readonly string[], ...notes: readonly string[]): TranslatedCommand => ({
  kind: 'lines',
  lines: some,
  notes,
});
export const notNeeded = (reason: string): TranslatedCommand => ({ kind: 'not-needed', reason });
export const notTranslated = (reason: string): TranslatedCommand => ({ kind: 'not-translated', reason });
