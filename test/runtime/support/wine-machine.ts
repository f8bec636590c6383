import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { toolchainPackages } from '../../../agent/build/toolchain.ts';
import { wine as wine64 } from '../../support/debian-packages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { buildOnce, compileOnce } from './built-agent.ts';

const wine = wine64.file;
const serverOfWine = '/usr/lib/wine/wineserver64';

/** What the real executable told while it ran. */
export interface ExeEvent {
  readonly event: 'log' | 'screen' | 'end' | 'stopped' | 'effects' | 'first-request';
  readonly [field: string]: unknown;
}

export interface WineOptions {
  /** What comes before every command of this Windows, as `OwnMounts` gives it. */
  readonly enter?: readonly string[];
}

/**
 * A Windows in Wine that passes for a recovery environment: its own C:, the given folders as further drives, sticks as
 * removable ones, and nothing else of this machine.
 */
export class WineMachine {
  readonly prefix: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #enter: readonly string[];

  constructor(
    drives: Readonly<Record<string, string>>,
    sticks: Readonly<Record<string, string>> = {},
    { enter = [] }: WineOptions = {},
  ) {
    this.#enter = enter;
    // Windows has to end before its folder goes.
    after(() => this.stop());
    this.prefix = path.join(temporaryFolder(), 'prefix');
    this.#environment = {
      ...process.env,
      WINEPREFIX: this.prefix,
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
    };
    fs.cpSync(emptyPrefix(), this.prefix, { recursive: true, verbatimSymlinks: true });
    const devices = path.join(this.prefix, 'dosdevices');
    fs.rmSync(path.join(devices, 'z:'), { force: true });
    for (const [letter, folder] of Object.entries({ ...drives, ...sticks })) this.attach(letter, folder);
    const removable = Object.keys(sticks).map(letter => `"${letter.toLowerCase()}:"="floppy"\n`);
    const kinds = `\n[Software\\\\Wine\\\\Drives] 1700000000\n${removable.join('')}`;
    fs.appendFileSync(path.join(this.prefix, 'system.reg'), kinds);
  }

  /** Puts a folder in the place of a drive, also while Windows runs. */
  attach(letter: string, folder: string): void {
    const device = path.join(this.prefix, 'dosdevices', `${letter.toLowerCase()}:`);
    fs.rmSync(device, { force: true });
    fs.symlinkSync(path.resolve(folder), device);
  }

  /** The real place of a file on C:. */
  onC(...names: readonly string[]): string {
    return path.join(this.prefix, 'drive_c', ...names);
  }

  /** Puts an executable on C: and gives its Windows path. */
  install(file: string): string {
    fs.copyFileSync(file, this.onC(path.basename(file)));
    return `C:\\${path.basename(file)}`;
  }

  spawn(
    command: readonly string[],
    stdio: ('ignore' | 'inherit' | 'pipe' | number)[] = ['ignore', 'pipe', 'inherit'],
  ) {
    // Whoever enters another namespace leaves the working directory behind.
    const words = [...this.#enter, 'env', `--chdir=${this.onC()}`, wine, ...command];
    return spawn(words[0]!, words.slice(1), { env: this.#environment, stdio });
  }

  /** Keeps Windows running between programs, so that none has to wait for its start. */
  keepRunning(): void {
    this.#tellServer('-p');
  }

  /** Ends the agent's worker at once, as a machine without power does; its parent lives on. */
  killWorker(): void {
    const workers = this.listRunning('--worker');
    assert.equal(workers.length, 1, `${workers.length} workers`);
    process.kill(workers[0]!, 'SIGKILL');
  }

  /** Processes of this Windows with such a word, or the end of one, in their command line. */
  listRunning(word: string): readonly number[] {
    const processIds = fs.readdirSync('/proc').filter(name => /^\d+$/.test(name));
    return processIds.filter(name => this.#runs(name, word)).map(Number);
  }

  #runs(processId: string, word: string): boolean {
    try {
      const read = (file: string) => fs.readFileSync(path.join('/proc', processId, file), 'utf8').split('\0');
      return (
        read('cmdline').some(one => one.endsWith(word)) &&
        read('environ').includes(`WINEPREFIX=${this.prefix}`)
      );
    } catch {
      // It ended meanwhile, or is not ours.
      return false;
    }
  }

  /** Runs the agent to its end; tells each of its events and gives the exit code. */
  run(command: readonly string[], tell: (event: ExeEvent) => void = () => {}): Promise<number> {
    const child = this.spawn([...command, '--json-events']);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', line => tell(JSON.parse(line) as ExeEvent));
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
    return promise;
  }

  /** Ends everything that runs in this Windows, at once. */
  stop(): void {
    this.#tellServer('-k');
    this.#tellServer('-w');
  }

  #tellServer(word: string): void {
    const words = [...this.#enter, serverOfWine, word];
    spawnSync(words[0]!, words.slice(1), { env: this.#environment, stdio: 'ignore' });
  }
}

const missing = [wine64, ...toolchainPackages].filter(one => !fs.existsSync(one.file)).map(one => one.name);
/** Why no test of this suite can run here; false when they can. */
export const noWine = missing.length > 0 ? `not installed: ${missing.join(', ')}` : false;

/** A fresh Windows as Wine makes it, with what makes it a recovery environment; made once per build of the suite. */
function emptyPrefix(): string {
  return buildOnce('prefix', [import.meta.filename], folder => {
    const env = {
      ...process.env,
      WINEPREFIX: folder,
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
    };
    spawnSync(wine, ['wineboot', '--init'], { env, stdio: 'ignore' });
    spawnSync(serverOfWine, ['-w'], { env });
    const registry = path.join(folder, 'system.reg');
    fs.appendFileSync(registry, '\n[System\\\\CurrentControlSet\\\\Control\\\\MiniNT] 1700000000\n');
    fs.copyFileSync(compileOnce('wpeutil'), path.join(folder, 'drive_c/windows/system32/wpeutil.exe'));
  });
}
