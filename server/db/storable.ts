/** Characters that PostgreSQL's text and jsonb cannot hold, as `JSON.stringify` writes them: NUL and lone surrogates. */
const unstorable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** A value as JSON that jsonb takes; what it cannot hold becomes U+FFFD, so that a strange file name loses nothing else. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(unstorable, String.raw`$1\ufffd`);

/** A text that PostgreSQL takes. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\u{fffd}');
