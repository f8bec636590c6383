import { printable } from '../bytes/printable.ts';
import type { LogProblem } from './boot-log.ts';
import { readLogText } from './log-text.ts';
import type { SrtRootCause, SrtSession, SrtStep, SrtTrailResult } from './srt-trail.ts';

const maxProblems = 32;
const maxLineLength = 512;
const maxCauseLines = 8;
const maxLines = 100_000;

const rule = /^-{3,}$/;
const errorCode = /0x([0-9a-f]{1,8})$/i;
const duration = /^(\d{1,10})\b/;

/** The value in `Windows directory = C:\Windows`; it may be empty. */
function settingOf(line: string): string | undefined {
  const at = line.indexOf('=');
  return at < 1 ? undefined : line.slice(at + 1).trim();
}

/** The value in `Name: System disk test`; other languages put a space before the colon or write a wide one. */
function labelledOf(line: string): string | undefined {
  const at = line.search(/[:：]/);
  return at < 1 || line.slice(0, at).includes('=') ? undefined : line.slice(at + 1).trim();
}

/**
 * Reads SrtTrail.txt, the trail of Startup Repair. Windows writes it in its own language, so it is read by shape: rules
 * of dashes, the order of lines, `0x` codes. Never throws; what does not fit is named in `problems`.
 */
export function readSrtTrail(bytes: Uint8Array): SrtTrailResult {
  const { encoding, lines: rawLines, problems: textProblems } = readLogText(bytes);
  const lines = rawLines.slice(0, maxLines).map(line => printable(line.slice(0, maxLineLength).trim()));
  const reader = new TrailReader(lines, [...textProblems]);
  const trail = reader.read();
  if (trail.sessions.length === 0 && trail.attempts === null) {
    const message = 'no session of Startup Repair was found; this is no SrtTrail.txt';
    return { ok: false, problem: { code: 'not-a-repair-trail', message, line: 1 } };
  }
  return { ok: true, trail: { format: 'srt-trail', encoding, ...trail } };
}

interface OpenSession extends SrtSession {
  readonly tests: SrtStep[];
  readonly rootCauses: SrtRootCause[];
  readonly repairActions: SrtStep[];
}

/** Reads block by block; a block is a heading above a rule and the lines down to the next heading. */
class TrailReader {
  readonly #lines: readonly string[];
  readonly #problems: LogProblem[];
  readonly #sessions: OpenSession[] = [];
  #attempts: number | null = null;
  #lastBootTimeText: string | null = null;
  #open: OpenSession | undefined;
  #rootCausesTold: number | undefined;

  constructor(lines: readonly string[], problems: LogProblem[]) {
    this.#lines = lines;
    this.#problems = problems;
  }

  read() {
    for (let at = 0; at < this.#lines.length; at++) {
      if (this.#isHeading(at)) this.#readBlock(at);
      else if (this.#isRule(at) && this.#isRule(at + 1)) {
        this.#close();
        at++;
      }
    }
    if (this.#open) {
      const message = 'the last session has no end: Startup Repair was cut off, or the file was';
      this.#report('session-unfinished', message, this.#open.line);
      this.#close();
    }
    return {
      attempts: this.#attempts,
      lastBootTimeText: this.#lastBootTimeText,
      sessions: this.#sessions,
      problems: this.#problems,
    };
  }

  #isRule(at: number): boolean {
    return rule.test(this.#lines[at] ?? '');
  }

  #isHeading(at: number): boolean {
    return (this.#lines[at] ?? '') !== '' && !this.#isRule(at) && this.#isRule(at + 1);
  }

  /** Numbers of the lines that belong to the heading at `at`, without empty ones. */
  #bodyOf(at: number): number[] {
    const body: number[] = [];
    for (let next = at + 2; next < this.#lines.length; next++) {
      if (this.#isHeading(next) || this.#isRule(next)) break;
      if (this.#lines[next] !== '') body.push(next);
    }
    return body;
  }

  #readBlock(at: number): void {
    const body = this.#bodyOf(at);
    const first = this.#lines[body[0] ?? -1];
    if (first === undefined) {
      this.#report('empty-block', `nothing stands under "${(this.#lines[at] ?? '').slice(0, 60)}"`, at + 1);
    } else if (this.#isSession(body)) this.#readSession(at, body);
    else if (this.#isStep(body[0], body[1]) || this.#timeMsAt(body[2], body[0]) !== undefined) {
      this.#readSteps(at, body, true);
    } else if (this.#open) this.#readRootCause(at, body);
    else this.#readTitle(body);
  }

  #readTitle(body: readonly number[]): void {
    for (const at of body) {
      const value = labelledOf(this.#lines[at] ?? '');
      if (value === undefined) continue;
      if (/^\d{1,6}$/.test(value)) this.#attempts = Number(value);
      else if (/\d/.test(value)) this.#lastBootTimeText = value;
    }
  }

  #readSession(at: number, body: readonly number[]): void {
    this.#close();
    const values = body.flatMap(line => settingOf(this.#lines[line] ?? '') ?? []);
    const numbers = values.filter(value => /^\d{1,6}$/.test(value)).map(Number);
    this.#rootCausesTold = numbers.length > 1 ? numbers.at(-1) : undefined;
    this.#open = {
      line: at + 1,
      systemDisk: values.find(value => value.startsWith('\\')) ?? null,
      windowsDirectory: values.find(value => /^[a-z]:\\/i.test(value)) ?? null,
      tests: [],
      rootCauses: [],
      repairActions: [],
    };
  }

  /** Details of a session are settings; a lone one may also be a root cause that names the parameters of a bugcheck. */
  #isSession(body: readonly number[]): boolean {
    const settings = body.slice(0, 2).every(at => isSetting(this.#lines[at] ?? ''));
    return settings && (body.length > 1 || !this.#open);
  }

  /** A step is a name, a result that ends in a code, and a duration. */
  #isStep(nameAt: number | undefined, resultAt: number | undefined): boolean {
    const result = labelledOf(this.#lines[resultAt ?? -1] ?? '');
    return (
      result !== undefined &&
      errorCode.test(result) &&
      labelledOf(this.#lines[nameAt ?? -1] ?? '') !== undefined
    );
  }

  /** Under the heading of a test its own step comes first; all further ones are repairs. */
  #readSteps(at: number, body: readonly number[], firstIsTest: boolean): void {
    const session = this.#openSession(at);
    let isTest = firstIsTest;
    for (let next = 0; next < body.length; next++) {
      const [name, result, time] = [body[next]!, body[next + 1], body[next + 2]];
      if (!this.#isStep(name, result)) {
        this.#report(
          'unknown-line',
          `"${this.#lines[name]!.slice(0, 60)}" is no step of Startup Repair`,
          name + 1,
        );
        continue;
      }
      const timeMs = this.#timeMsAt(time, name);
      (isTest ? session.tests : session.repairActions).push(this.#stepOf(name, result!, timeMs));
      isTest = false;
      next += timeMs === undefined ? 1 : 2;
    }
  }

  /** `Time taken = 16 ms`, two lines below the name of its step. */
  #timeMsAt(at: number | undefined, nameAt: number | undefined): number | undefined {
    if (at === undefined || nameAt === undefined || at !== nameAt + 2) return undefined;
    const value = duration.exec(settingOf(this.#lines[at] ?? '') ?? '')?.[1];
    return value === undefined ? undefined : Number(value);
  }

  #stepOf(nameAt: number, resultAt: number, timeMs: number | undefined): SrtStep {
    const result = labelledOf(this.#lines[resultAt]!) ?? '';
    const code = errorCode.exec(result)?.[1];
    return {
      name: labelledOf(this.#lines[nameAt]!) ?? '',
      result: sentenceOf(result),
      errorCode: code === undefined ? null : `0x${Number.parseInt(code, 16).toString(16)}`,
      timeMs: timeMs ?? null,
      line: nameAt + 1,
    };
  }

  /** The cause ends at the first empty line; the repairs that were tried follow. */
  #readRootCause(at: number, body: readonly number[]): void {
    const end = body.findIndex((line, index) => index > 0 && line > body[index - 1]! + 1);
    const sentence = end < 0 ? body : body.slice(0, end);
    const text = sentence
      .slice(0, maxCauseLines)
      .map(line => this.#lines[line])
      .join(' ');
    this.#openSession(at).rootCauses.push({ text, line: sentence[0]! + 1 });
    if (end >= 0) this.#readSteps(at, body.slice(end), false);
  }

  #openSession(at: number): OpenSession {
    if (!this.#open) {
      this.#report('session-without-start', 'results stand here before any session has begun', at + 1);
      this.#readSession(at, []);
    }
    return this.#open!;
  }

  #close(): void {
    const session = this.#open;
    this.#open = undefined;
    if (!session) return;
    this.#sessions.push(session);
    const [told, named] = [this.#rootCausesTold, session.rootCauses.length];
    if (told !== undefined && told !== named) {
      const message = `the session tells of ${told} root causes and names ${named}`;
      this.#report('root-causes-differ', message, session.line);
    }
  }

  #report(code: string, message: string, line: number): void {
    if (this.#problems.length < maxProblems) this.#problems.push({ code, message, line });
  }
}

const isSetting = (line: string) =>
  settingOf(line) !== undefined && labelledOf(line.slice(0, line.indexOf('='))) === undefined;

/** A result without the label of its code: "Completed successfully." of "Completed successfully. Error code =  0x0". */
function sentenceOf(result: string): string {
  const label = result.lastIndexOf('=');
  const words = result.slice(0, label < 0 ? result.search(errorCode) : label);
  const end = Math.max(words.lastIndexOf('.'), words.lastIndexOf('。'));
  return (end < 0 ? words : words.slice(0, end + 1)).trim();
}
