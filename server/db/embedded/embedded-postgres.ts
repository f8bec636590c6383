import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../logging/log.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type ClusterFiles, clusterFilesIn, ensureCluster } from './cluster-files.ts';
import { type OwnerLock, tryOwnerLock } from './owner-lock.ts';
import { findPostmaster, PostmasterInTheWay, startPostmaster, stopPostmaster, urlOf } from './postmaster.ts';
import { choosePrivileges, type Privileges } from './privileges.ts';

/** A PostgreSQL that this process may use. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Another process started it. */
  readonly adopted: boolean;
  /** Stops it when it is ours; leaves it running for whoever started it otherwise. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder for everything it keeps. */
  readonly dir: string;
  readonly log: Log;
  readonly settings?: Readonly<Record<string, string>>;
  /** Decides as whom PostgreSQL runs. */
  readonly privileges?: (dataDir: string) => Privileges;
}

const startLimitMs = 60_000;

/**
 * Starts PostgreSQL over a folder, or adopts the one that another process started there. The folder's owner is whoever
 * holds its lock: of two starts at once one starts and the other adopts, and what a killed owner left running is
 * stopped and started anew on the same port. The owner starts it again when it dies; when the owner leaves, who adopted
 * it takes over.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const files = clusterFilesIn(options.dir);
  const until = performance.now() + startLimitMs;
  for (;;) {
    const lock = tryOwnerLock(files.ownerLockFile);
    if (lock) return OwnedPostgres.start(options, files, lock);
    const running = await findPostmaster(files);
    if (running) return new AdoptedPostgres(options, files, running.port);
    if (performance.now() > until)
      throw new Error(`Another process holds ${files.ownerLockFile} but its PostgreSQL does not get ready.`);
    await sleep(50);
  }
}

const takeOverPauseMs = 300;

class AdoptedPostgres implements EmbeddedPostgres {
  readonly adopted = true;
  readonly url: string;
  readonly #takeOver: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #takingOver: Promise<void> | undefined;
  #owned: OwnedPostgres | undefined;

  constructor(options: EmbeddedPostgresOptions, files: ClusterFiles, port: number) {
    this.url = urlOf(files, port);
    this.#takeOver = async () => {
      const lock = tryOwnerLock(files.ownerLockFile);
      if (!lock) return;
      clearInterval(this.#timer);
      options.log.info('the process that had started PostgreSQL left; this one takes over');
      this.#owned = await OwnedPostgres.start(options, files, lock, port);
    };
    this.#timer = setInterval(() => {
      this.#takingOver ??= this.#takeOver()
        .catch((error: unknown) => options.log.error('PostgreSQL cannot be taken over', {}, error))
        .finally(() => (this.#takingOver = undefined));
    }, takeOverPauseMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#takingOver;
    await this.#owned?.stop();
  }
}

class OwnedPostgres implements EmbeddedPostgres {
  readonly adopted = false;
  readonly url: string;
  readonly #files: ClusterFiles;
  readonly #lock: OwnerLock;
  readonly #log: Log;
  readonly #startAgain: () => Promise<{ readonly pid: number; onceEnded(then: () => void): void }>;
  #pid = 0;
  #stopping = false;
  #revival: Promise<void> | undefined;

  static async start(
    options: EmbeddedPostgresOptions,
    files: ClusterFiles,
    lock: OwnerLock,
    knownPort?: number,
  ): Promise<OwnedPostgres> {
    try {
      const privileges = (options.privileges ?? choosePrivileges)(files.dataDir);
      const binaries = findBinaries(files.libraryDir);
      await ensureCluster(files, binaries, privileges, { flush: options.settings?.fsync !== 'off' });
      const orphan = await findPostmaster(files);
      if (orphan) await stopPostmaster(orphan.pid);
      const port = orphan?.port ?? knownPort ?? (await findFreePort());
      const owned = new OwnedPostgres(options, files, lock, binaries, privileges, port);
      await owned.#run();
      return owned;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private constructor(
    { log, settings = {} }: EmbeddedPostgresOptions,
    files: ClusterFiles,
    lock: OwnerLock,
    binaries: Binaries,
    privileges: Privileges,
    port: number,
  ) {
    this.#files = files;
    this.#lock = lock;
    this.#log = log;
    this.url = urlOf(files, port);
    const onLine = (line: string) => log.debug(line);
    this.#startAgain = async () => {
      const child = await startPostmaster({ files, binaries, privileges, port, settings, onLine });
      return {
        pid: child.pid,
        onceEnded: then =>
          (child.exitCode ?? child.signalCode) === null ? child.once('exit', then) : then(),
      };
    };
  }

  /** Starts it, waiting for one before it to go; watches it from then on. */
  async #run(): Promise<void> {
    const until = performance.now() + startLimitMs;
    for (;;) {
      try {
        const running = await this.#startAgain();
        this.#pid = running.pid;
        running.onceEnded(() => {
          if (!this.#stopping) this.#revival = this.#revive();
        });
        return;
      } catch (error) {
        if (!(error instanceof PostmasterInTheWay) || performance.now() > until) throw error;
        await sleep(100);
        const orphan = await findPostmaster(this.#files);
        if (orphan) await stopPostmaster(orphan.pid);
      }
    }
  }

  async #revive(): Promise<void> {
    for (let waitMs = 100; !this.#stopping; waitMs = Math.min(waitMs * 2, 5000)) {
      try {
        await this.#run();
        this.#log.warn('PostgreSQL had ended by itself and was started again');
        return;
      } catch (error) {
        this.#log.error('PostgreSQL ended by itself and does not start again', {}, error);
        await sleep(waitMs);
      }
    }
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await this.#revival;
    await stopPostmaster(this.#pid);
    this.#lock.release();
  }
}

/** A port that was free a moment ago. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
