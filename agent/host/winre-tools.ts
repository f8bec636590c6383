import type { HostTools, ToolResult } from './host.ts';
import { type NativeCalls, windowsErrorOf } from './native-calls.ts';

const maxOutputBytes = 64 * 1024;
/** Program or path is not there. */
const missing: ReadonlySet<number> = new Set([2, 3]);

/** Programs of the Windows that runs, by their full path in System32, and files by their own. */
export function createWinreTools(native: NativeCalls): HostTools {
  return {
    run: ({ tool, arguments: words, timeoutMs, onLine }) =>
      start(native, tool, [`${native.systemDirectory()}\\${tool}.exe`, ...words], timeoutMs, onLine),
    runProgram: ({ path, arguments: words, timeoutMs }) =>
      start(native, path.slice(path.lastIndexOf('\\') + 1), [path, ...words], timeoutMs),
  };
}

function start(
  native: NativeCalls,
  name: string,
  words: readonly string[],
  timeoutMs: number,
  onLine?: (line: string) => void,
): Promise<ToolResult> {
  const deadlineMs = native.monotonicMs() + timeoutMs;
  try {
    native.processStart([...words]);
  } catch (error) {
    const code = windowsErrorOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    const isMissing = missing.has(code);
    const message = isMissing ? `${name} is not here` : `${name}: ${error.message}`;
    const failure = {
      kind: 'permanent',
      code: isMissing ? 'tool-missing' : 'tool-not-started',
      message,
    } as const;
    return Promise.resolve({ kind: 'failed', failure });
  }
  try {
    return Promise.resolve(follow(native, deadlineMs, onLine));
  } finally {
    native.processEnd();
  }
}

function follow(native: NativeCalls, deadlineMs: number, onLine?: (line: string) => void): ToolResult {
  const kept = new Tail();
  let line: number[] = [];
  const endLine = () => {
    if (line.length > 0) onLine?.(native.consoleText(Uint8Array.from(line)));
    line = [];
  };
  for (;;) {
    const { output, ended, exitCode } = native.processRead();
    kept.add(output);
    if (onLine)
      for (const byte of output)
        if (byte === 0x0a || byte === 0x0d) endLine();
        else if (line.length < maxOutputBytes) line.push(byte);
    const result = () => ({ output: native.consoleText(kept.bytes()), truncated: kept.truncated });
    if (ended) {
      endLine();
      return { kind: 'ended', exitCode, ...result() };
    }
    if (native.monotonicMs() >= deadlineMs) return { kind: 'timed-out', ...result() };
  }
}

/** The end of what a program wrote. */
class Tail {
  #bytes = new Uint8Array(0);
  truncated = false;

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    const all = new Uint8Array(this.#bytes.length + piece.length);
    all.set(this.#bytes);
    all.set(piece, this.#bytes.length);
    this.truncated ||= all.length > maxOutputBytes;
    this.#bytes = all.slice(-maxOutputBytes);
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }
}
