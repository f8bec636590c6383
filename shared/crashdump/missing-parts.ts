import type { FileOffset } from '../bytes/byte-source.ts';
import type { MissingPart } from './crash-dump.ts';

const maxParts = 64;

/**
 * Why a part of a dump is missing. What is there but cannot be read now has codes of its own, `encrypted` and
 * `unreadable`: with the key, or from another copy, it may still be read.
 */
export type MissingCode =
  | 'cut-off'
  | 'encrypted'
  | 'unreadable'
  | 'not-written'
  | 'out-of-file'
  | 'too-many'
  | 'unreadable-name'
  | 'end-mark-missing'
  | 'not-a-crash'
  | 'format-not-covered'
  | 'not-in-dump'
  | 'not-mapped'
  | 'map-damaged'
  | 'broken-list'
  | 'encoded';

/** Collects what a reader could not read, bounded however damaged the dump is. */
export class MissingParts {
  readonly parts: MissingPart[] = [];

  add(code: MissingCode, what: string, message: string, offset?: FileOffset): void {
    if (this.parts.length >= maxParts) return;
    this.parts.push(offset === undefined ? { code, what, message } : { code, what, message, offset });
  }
}
