import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const main = path.join(import.meta.dirname, 'fleet-main.ts');
/** The machine whose story is told comes first. */
const politeness = 10;

/** The machines of `fleet-machines.ts`, each with the real agent over its folder, in a process beside the demo. */
export class SimulatedFleet {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<string, () => void>();
  readonly #said = new Set<string>();
  #stopped = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', line => {
      this.#said.add(line);
      this.#waiting.get(line)?.();
    });
  }

  /** Starts building the machines below a folder; they need no server yet. */
  static start(folder: string): SimulatedFleet {
    const child = spawn(process.execPath, [main, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (child.pid !== undefined) os.setPriority(child.pid, politeness);
    // What is written to a process that ended is of no use to anybody.
    child.stdin?.on('error', () => {});
    return new SimulatedFleet(child);
  }

  /** Enrols every machine, puts the agent into its recovery environment where it is to have one, and tells readiness. */
  async setUp(bundleFile: string): Promise<void> {
    this.#child.stdin!.write(`set-up\t${bundleFile}\n`);
    await this.#hear('set-up');
  }

  /** Lets the night of 19 July come to those that fail; settles when each is healed or waits for a person. */
  async breakMachines(): Promise<void> {
    this.#child.stdin!.write('break\n');
    await this.#hear('settled');
  }

  stop(): void {
    this.#stopped = true;
    this.#child.kill();
  }

  #hear(line: string): Promise<void> {
    if (this.#said.has(line)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.set(line, resolve);
      this.#child.once('close', code => {
        if (!this.#stopped) reject(new Error(`The simulated fleet ended (code ${code}).`));
      });
    });
  }
}
