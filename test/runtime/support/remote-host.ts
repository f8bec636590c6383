import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Host, HostError, type HostFailure } from '../../../agent/host/host.ts';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { WineMachine } from './wine-machine.ts';

const read = promisify(fs.read);
const piece = Buffer.alloc(1 << 16);

interface Answer {
  readonly value?: unknown;
  readonly failure?: HostFailure;
  readonly error?: string;
}

/** The host of a running executable: each call goes there and waits, as `Host` promises. */
export class RemoteHost {
  readonly host: Host;
  readonly #questions: number;
  readonly #answers: number;
  #rest = '';

  constructor(windows: WineMachine, exe: string) {
    const folder = temporaryFolder();
    const [questions, answers] = ['questions', 'answers'].map(name => path.join(folder, name)) as [
      string,
      string,
    ];
    execFileSync('mkfifo', [questions, answers]);
    // Opened for both directions, no end waits for the other one to come.
    this.#questions = fs.openSync(questions, 'r+');
    this.#answers = fs.openSync(answers, 'r+');
    windows.spawn([exe, 'serve'], [this.#questions, this.#answers, 'inherit']);
    this.host = this.#proxy([]) as Host;
  }

  /** One call of the host, or below `native` one of the C host itself. */
  ask(target: readonly string[], parameters: readonly unknown[]): unknown {
    this.#send(target, parameters);
    for (;;) {
      const line = this.#takeLine();
      if (line !== undefined) return valueOf(line);
      this.#rest += piece.toString('utf8', 0, fs.readSync(this.#answers, piece, 0, piece.length, null));
    }
  }

  /** The same while the test goes on: its server answers what the call asks. */
  async askMeanwhile(target: readonly string[], parameters: readonly unknown[]): Promise<unknown> {
    this.#send(target, parameters);
    for (;;) {
      const line = this.#takeLine();
      if (line !== undefined) return valueOf(line);
      const { bytesRead } = await read(this.#answers, piece, 0, piece.length, null);
      this.#rest += piece.toString('utf8', 0, bytesRead);
    }
  }

  #send(target: readonly string[], parameters: readonly unknown[]): void {
    const pack = (_: string, value: unknown) =>
      value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
    fs.writeSync(this.#questions, `${JSON.stringify({ target, parameters }, pack)}\n`);
  }

  close(): void {
    fs.closeSync(this.#questions);
    fs.closeSync(this.#answers);
  }

  #takeLine(): string | undefined {
    const end = this.#rest.indexOf('\n');
    if (end < 0) return undefined;
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  #proxy(target: readonly string[]): unknown {
    return new Proxy(() => undefined, {
      get: (_, name) => this.#proxy([...target, String(name)]),
      apply: (_, __, parameters: unknown[]) => {
        const isPromised = promised.has(target.join('.'));
        return isPromised ? this.askMeanwhile(target, parameters) : this.ask(target, parameters);
      },
    });
  }
}

/** Calls that answer when they are done. */
const promised: ReadonlySet<string> = new Set([
  'clock.wait',
  'network.request',
  'tools.run',
  'tools.runProgram',
]);

function valueOf(line: string): unknown {
  const { value, failure, error } = JSON.parse(line) as Answer;
  if (failure) throw new HostError(failure);
  if (error !== undefined) throw new Error(error);
  return unpack(value) ?? undefined;
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  if ('bytes' in value && typeof value.bytes === 'string')
    return new Uint8Array(Buffer.from(value.bytes, 'base64'));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unpack(one)]));
}
