import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { HostFiles, HostLog, LogEntry } from './host.ts';

const maxBytes = 256 * 1024;

/**
 * The record of a run as lines of text, in every place that is known by then: each line is written when it is told, so
 * that a run that is killed leaves its last one. A place that takes no line is given up; the run goes on.
 */
export class LogFile implements HostLog {
  readonly #files: () => HostFiles;
  readonly #wallMs: () => number;
  /** `fresh` until something of this run stands there. */
  readonly #places = new Map<string, 'fresh' | 'begun'>();
  #told = '';

  constructor(files: () => HostFiles, wallMs: () => number) {
    this.#files = files;
    this.#wallMs = wallMs;
  }

  write(entry: LogEntry): void {
    const line = lineOf(entry, this.#wallMs());
    if (this.#told.length + line.length > maxBytes) return;
    this.#told += line;
    for (const [place, state] of this.#places) if (state === 'begun') this.#append(place, line);
    this.#begin();
  }

  /** The record goes there too, from its beginning; the one of the run before keeps a name beside it. */
  keepAt(place: string): void {
    this.#places.set(place, 'fresh');
    this.#begin();
  }

  /** Nothing is touched anywhere before there is something to tell. */
  #begin(): void {
    if (this.#told === '') return;
    for (const [place, state] of this.#places) {
      if (state === 'begun') continue;
      this.#places.set(place, 'begun');
      this.#append(place, this.#told, () => this.#setAside(place));
    }
  }

  #setAside(place: string): void {
    if (this.#files().find(place)) this.#files().rename(place, `${place}.before`, { replace: true });
  }

  #append(place: string, text: string, prepare = () => undefined as void): void {
    try {
      prepare();
      this.#files().append(place, utf8Of(text));
    } catch {
      this.#places.delete(place);
    }
  }
}

function lineOf({ atMs, level, code, message, details }: LogEntry, wallMs: number): string {
  const time = new Date(wallMs).toISOString();
  const more = details === undefined ? '' : `  ${JSON.stringify(details)}`;
  return `${time}  +${atMs} ms  ${level}  ${code}  ${message}${more}\r\n`;
}
