import type { ByteSource } from '../bytes/byte-source.ts';
import { readLogTail } from './log-tail.ts';
import { findHresult, isFailure, type ServicingLine, servicingLinesOf } from './servicing-line.ts';
import type { ServicingFailure, ServicingLogResult, ServicingSession } from './servicing-log.ts';
import { ServicingPackages } from './servicing-packages.ts';

const maxSessions = 500;
const maxFailures = 200;

const initialized = /^Session: (\d+_\d+) initialized by client (.+?)(?:, external staging|\.?$)/;
const finalized = /^Session: (\d+_\d+) finalized\b/;
const sessionNamed = /\bSession(?:\([^)]{0,200}\))?: (\d+_\d+)/i;
const rebootRequired = /\bReboot required[:=] ?(yes|no)\b/i;
const executeState = /^Setting ExecuteState key to: (\S.*)$/;
const dismSession = /<----- (Starting|Ending) (\S+) session ----->/;
const dismCommand = /^DISM\.EXE: Executing command line: (.+)$/i;
const dismClosed = /Image session has been closed/;
const processId = /\bPID=(\d+)/;
const processingComplete = /^Exec: Processing complete\b/;

/**
 * Reads the end of CBS.log or dism.log: sessions, packages with their states, and what failed, newest first. Never
 * throws; a file without a line of either is a problem itself.
 */
export function readServicingLog(source: ByteSource): ServicingLogResult {
  const { encoding, lines, problems: textProblems } = readLogTail(source);
  const { entries, strays } = servicingLinesOf(lines);
  if (entries.length === 0) {
    const message = 'no line begins with a time, a level and a component; this is no CBS.log or dism.log';
    return { ok: false, problem: { code: 'not-a-servicing-log', message, line: 1 } };
  }
  const problems = [...textProblems];
  if (strays > 0) {
    const message = `${strays} lines before the first time stamp belong to nothing`;
    problems.push({ code: 'stray-lines', message, line: 1 });
  }
  const reader = new EntryReader();
  for (const entry of entries) reader.read(entry);
  const kind = entries.some(({ component }) => component === 'CBS' || component === 'CSI') ? 'cbs' : 'dism';
  const { hasDropped, ...log } = reader.finish();
  if (hasDropped) {
    const message = `only the newest ${maxSessions} sessions and ${maxFailures} failures are given`;
    problems.push({ code: 'too-many-entries', message });
  }
  return { ok: true, log: { format: 'servicing-log', kind, encoding, ...log, problems } };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenSession = Writable<ServicingSession>;

class EntryReader {
  readonly #sessions: OpenSession[] = [];
  readonly #open = new Map<string, OpenSession>();
  readonly #failures: ServicingFailure[] = [];
  readonly #packages = new ServicingPackages();
  #executeState: { state: string; atLocal: string | null; line: number } | null = null;
  #hasDropped = false;

  read(entry: ServicingLine): void {
    const { text, atLocal, line } = entry;
    const result = findHresult(text);
    const sessionId = sessionNamed.exec(text)?.[1] ?? null;
    const dism = dismSession.exec(text);
    if (dism) this.#readDismSession(entry, dism[1] === 'Starting', dism[2]!);
    else if (entry.component === 'DISM') this.#readDismLine(entry);
    else if (sessionId !== null) this.#readSessionLine(entry, sessionId, result?.code ?? null);
    const state = executeState.exec(text)?.[1];
    if (state !== undefined) this.#executeState = { state, atLocal, line };
    this.#packages.read(entry, result?.code ?? null);
    const isEnd = processingComplete.test(text) || finalized.test(text);
    const hasFailed = result !== undefined && isFailure(result.code);
    // Lines of level Info name the HRESULTs of harmless look-ups too; only the end of a job counts among them.
    if (entry.level === 'error' || (isEnd && hasFailed)) this.#addFailure(entry, sessionId);
  }

  finish() {
    const failures = this.#failures.toReversed();
    return {
      sessions: this.#sessions.toReversed(),
      packages: this.#packages.newestFirst(),
      failures,
      lastFailure: failures.find(failure => failure.code !== null && isFailure(failure.code)) ?? null,
      executeState: this.#executeState,
      hasDropped: this.#hasDropped,
    };
  }

  #addFailure({ atLocal, component, text, line }: ServicingLine, sessionId: string | null): void {
    const result = findHresult(text);
    const [code, codeName] = [result?.code ?? null, result?.name ?? null];
    this.#failures.push({ atLocal, component, text, code, codeName, sessionId, line });
    if (this.#failures.length <= maxFailures) return;
    this.#failures.shift();
    this.#hasDropped = true;
  }

  #readSessionLine({ text, atLocal, line }: ServicingLine, id: string, result: string | null): void {
    const client = initialized.exec(text)?.[2] ?? null;
    const session = this.#open.get(id) ?? this.#start(id, id, client, client === null ? null : atLocal, line);
    session.result = result ?? session.result;
    session.isRebootRequired = isRebootRequired(text) ?? session.isRebootRequired;
    if (finalized.test(text)) {
      session.endedAtLocal = atLocal;
      this.#open.delete(id);
    }
  }

  /** DISM names its sessions by the program and, when programs call it, by the process. */
  #readDismSession({ text, atLocal, line }: ServicingLine, isStart: boolean, program: string): void {
    const id = processId.exec(text)?.[1] ?? program;
    const session = isStart ? this.#start(id, id, null, atLocal, line) : this.#open.get(id);
    if (isStart || !session) return;
    session.endedAtLocal = atLocal;
    this.#open.delete(id);
  }

  #readDismLine({ text, level }: ServicingLine): void {
    const session = this.#open.get(processId.exec(text)?.[1] ?? '') ?? [...this.#open.values()].at(-1);
    if (!session) return;
    session.client ??= dismCommand.exec(text)?.[1] ?? null;
    const code = findHresult(text)?.code;
    if (code !== undefined && level === 'error') session.result = code;
    if (!dismClosed.test(text)) return;
    session.isRebootRequired = isRebootRequired(text) ?? session.isRebootRequired;
  }

  #start(
    key: string,
    id: string,
    client: string | null,
    startedAtLocal: string | null,
    line: number,
  ): OpenSession {
    const session: OpenSession = {
      id,
      client,
      startedAtLocal,
      endedAtLocal: null,
      result: null,
      isRebootRequired: null,
      line,
    };
    this.#open.set(key, session);
    this.#sessions.push(session);
    if (this.#sessions.length > maxSessions) {
      const dropped = this.#sessions.shift()!;
      if (this.#open.get(dropped.id) === dropped) this.#open.delete(dropped.id);
      this.#hasDropped = true;
    }
    return session;
  }
}

function isRebootRequired(text: string): boolean | null {
  const said = rebootRequired.exec(text)?.[1];
  return said === undefined ? null : said.toLowerCase() === 'yes';
}
