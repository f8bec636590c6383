import type { Fix } from './diagnostic.ts';

/** The text with one fix applied. */
export const applyFix = (text: string, { span, text: replacement }: Fix): string =>
  `${text.slice(0, span.start)}${replacement}${text.slice(span.end)}`;
