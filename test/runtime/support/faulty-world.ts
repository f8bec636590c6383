import path from 'node:path';
import { ensureTlsIdentity } from '../../../server/http/tls-identity.ts';
import type { RunningServer } from '../../../server/start.ts';
import { listenProxy, type Mischief } from '../../agent/support/tls-world.ts';
import { startTestServer, testConfig } from '../../support/running-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type BrokenMachine, BrokenMachines } from './broken-machines.ts';
import { drivenAgent } from './built-agent.ts';
import { type Forgery, listenStolen } from './stolen-server.ts';
import { type ExeEvent, WineMachine } from './wine-machine.ts';

/** What one start of the recovery environment came to. */
export interface Recovered {
  readonly machine: BrokenMachine;
  readonly code: number;
  readonly events: readonly ExeEvent[];
  /** How many calls had an effect; 0 for a run that was killed. */
  readonly effects: number;
  /** The call at which it was killed. */
  readonly killedBefore?: string;
}

/** One server, one Windows and one executable for every fault; each fault has a machine of its own. */
export class FaultyWorld {
  readonly machines: BrokenMachines;
  readonly #server: RunningServer;
  readonly #dataDir: string;
  readonly #windows: WineMachine;
  readonly #exe: string;

  private constructor(parts: {
    readonly machines: BrokenMachines;
    readonly server: RunningServer;
    readonly dataDir: string;
    readonly windows: WineMachine;
    readonly exe: string;
  }) {
    this.machines = parts.machines;
    this.#server = parts.server;
    this.#dataDir = parts.dataDir;
    this.#windows = parts.windows;
    this.#exe = parts.exe;
  }

  static async start(): Promise<FaultyWorld> {
    const config = testConfig();
    const server = await startTestServer(config);
    const machines = await BrokenMachines.build(server);
    const windows = new WineMachine({}, { F: temporaryFolder() });
    windows.keepRunning();
    const exe = windows.install(await drivenAgent());
    return new FaultyWorld({ machines, server, dataDir: config.dataDir, windows, exe });
  }

  /** Where machines find their server. */
  get devicePort(): number {
    return Number(new URL(this.#server.deviceUrl).port);
  }

  /** Lets the server ask the next machine for its evidence, as it asked the first few with this crash. */
  async wantEvidenceAgain(): Promise<void> {
    await this.#server.database.query(`update evidence set state = 'expired' where state <> 'expired'`);
  }

  /** One start of the recovery environment on a machine; flags are those of `driven-native.ts`. */
  recover(machine: BrokenMachine, ...flags: readonly string[]): Promise<Recovered> {
    return this.recoverPatiently(machine, '--hurry', ...flags);
  }

  /** The same with waits and time limits as they are. */
  async recoverPatiently(machine: BrokenMachine, ...flags: readonly string[]): Promise<Recovered> {
    return { machine, ...(await this.startOn(machine.drive, ...flags)) };
  }

  /** What lies on the stick that is plugged in at every start from now on; drive F:. */
  plugIn(stick: string): void {
    this.#windows.attach('F', stick);
  }

  /** A place on the drive that none of the machines has. */
  onC(...names: readonly string[]): string {
    return this.#windows.onC(...names);
  }

  /** One start of the recovery environment before this drive. */
  async startOn(drive: string, ...flags: readonly string[]): Promise<Omit<Recovered, 'machine'>> {
    this.#windows.attach('E', drive);
    const events: ExeEvent[] = [];
    const code = await this.#windows.run([this.#exe, ...flags, 'agent', 'recover'], event => {
      events.push(event);
      if (event.event === 'stopped') this.#windows.killWorker();
    });
    const [effects] = events.flatMap(one => (one.event === 'effects' ? [Number(one['count'])] : []));
    const [killedBefore] = events.flatMap(one => (one.event === 'stopped' ? [String(one['before'])] : []));
    return {
      code,
      events,
      effects: effects ?? 0,
      ...(killedBefore !== undefined && { killedBefore }),
    };
  }

  /** A fresh machine whose server fell into the wrong hands. */
  async recoverFromStolen(forge: Forgery): Promise<Recovered> {
    const identity = ensureTlsIdentity(path.join(this.#dataDir, 'keys'));
    const stolen = await listenStolen(identity, this.#server.deviceUrl, forge);
    try {
      return await this.recover(await this.machines.take(stolen.address));
    } finally {
      stolen.close();
    }
  }

  /** A fresh machine whose network does this once; tells how many bytes went through, both ways together. */
  async recoverThrough(mischief?: { readonly kind: Mischief; readonly afterBytes: number }) {
    const proxy = await listenProxy(this.devicePort, mischief);
    const machine = await this.machines.take(`https://127.0.0.1:${proxy.port}`);
    return { ...(await this.recover(machine)), throughBytes: proxy.throughBytes() };
  }
}
