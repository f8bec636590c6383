import { printable } from '../bytes/printable.ts';
import { findKnownCode } from './known-codes.ts';
import { localTimeOf, type LogTimeParts } from './log-time.ts';

/** One entry of a servicing log: a stamped line with the lines that continue it. */
export interface ServicingLine {
  readonly atLocal: string | null;
  readonly level: 'info' | 'warning' | 'error';
  readonly component: string;
  readonly text: string;
  readonly line: number;
}

const maxLineLength = 2048;
const maxTextLength = 4096;
const maxContinuations = 16;

const stamped =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d), (?<level>[A-Za-z]+) +(?<component>[A-Za-z][\w.]*) +(?<text>.*)$/;
const levels: Readonly<Record<string, ServicingLine['level']>> = {
  Info: 'info',
  Warning: 'warning',
  Perf: 'info',
  Error: 'error',
};

/** The entries of a log; `strays` counts lines before the first stamp, which continue nothing. */
export function servicingLinesOf(lines: readonly string[]): { entries: ServicingLine[]; strays: number } {
  const entries: ServicingLine[] = [];
  let strays = 0;
  let continuations = 0;
  lines.forEach((raw, index) => {
    const found = stamped.exec(raw.slice(0, maxLineLength).trimEnd())?.groups;
    if (found) {
      const { level, component, text } = found as Record<string, string> as Record<
        'level' | 'component' | 'text',
        string
      >;
      const atLocal = localTimeOf(found as unknown as LogTimeParts);
      entries.push({
        atLocal,
        level: levels[level] ?? 'info',
        component,
        text: printable(text),
        line: index + 1,
      });
      continuations = 0;
      return;
    }
    const more = printable(raw.slice(0, maxLineLength).trim());
    if (more === '') return;
    const last = entries.at(-1);
    if (!last) strays++;
    else if (++continuations <= maxContinuations) {
      // Long lines are broken anywhere, also inside `[HRESULT = ...]`.
      const text = `${last.text} ${more}`.slice(0, maxTextLength);
      entries[entries.length - 1] = { ...last, text };
    }
  });
  return { entries, strays };
}

const hresult =
  /\b(?:HRESULT\s*=\s*|hr:\s*)(0x[0-9a-f]{8}|0x0\b|[0-9a-f]{8}\b)(?:\s*-\s*([A-Z][A-Z0-9_]+))?/i;

/** The HRESULT of a line, `[HRESULT = 0x800f0922 - CBS_E_INSTALLERS_FAILED]` or `(hr:0x800f081f)`. */
export function findHresult(
  text: string,
): { readonly code: string; readonly name: string | null } | undefined {
  const found = hresult.exec(text);
  if (!found) return undefined;
  const code = `0x${Number.parseInt(found[1]!.replace(/^0x/i, ''), 16).toString(16)}`;
  return { code, name: found[2] ?? findKnownCode(code)?.name ?? null };
}

/** Whether an HRESULT says failure: its highest bit is set. */
export const isFailure = (code: string): boolean => Number.parseInt(code, 16) >= 0x80000000;
