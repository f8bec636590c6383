/**
 * Text from outside, fit to be shown and stored: control characters, invisible marks and lone surrogates, which can
 * forge a terminal line or be refused by a database, become U+FFFD.
 */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\ufffd');
