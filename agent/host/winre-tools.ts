import type { HostFailure, HostTools, ToolResult, ToolStartCode } from './host.ts';
import { type NativeCalls, windowsErrorOf } from './native-calls.ts';

const maxOutputBytes = 64 * 1024;
/** Windows errors by what they mean for a start; names as in winerror.h. */
const startCodes: Readonly<Record<number, ToolStartCode>> = {
  // The program, or its path, is not there.
  2: 'tool-missing',
  3: 'tool-missing',
  // ERROR_VIRUS_INFECTED, ERROR_VIRUS_DELETED
  225: 'tool-taken-for-virus',
  226: 'tool-taken-for-virus',
  // ERROR_INVALID_IMAGE_HASH; ERROR_ACCESS_DISABLED_BY_POLICY, as AppLocker says
  577: 'tool-blocked',
  1260: 'tool-blocked',
};
/** ERROR_SYSTEM_INTEGRITY_…, of which newer builds have more. */
const [firstIntegrity, lastIntegrity] = [4550, 4599];

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
    return Promise.resolve({ kind: 'failed', failure: startFailureOf(name, code, error.message) });
  }
  try {
    return Promise.resolve(follow(native, deadlineMs, onLine));
  } finally {
    native.processEnd();
  }
}

/** Why a program did not start, from the error of Windows and what it said. */
export function startFailureOf(name: string, windowsError: number, said: string): HostFailure {
  const isIntegrity = windowsError >= firstIntegrity && windowsError <= lastIntegrity;
  const code: ToolStartCode = isIntegrity ? 'tool-blocked' : (startCodes[windowsError] ?? 'tool-not-started');
  return {
    kind: 'permanent',
    code,
    message: code === 'tool-missing' ? `${name} is not here` : `${name}: ${said}`,
  };
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
