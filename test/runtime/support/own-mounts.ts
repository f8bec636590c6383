import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Root may mount where nobody else sees it; everybody else is root in a user namespace for that. */
const isRoot = process.getuid?.() === 0;
const namespaces = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/** Why no test can mount anything here; false when it can. */
export const noMounts =
  spawnSync('unshare', [...namespaces, 'true'], { stdio: 'ignore' }).status === 0
    ? false
    : 'this machine refuses mount namespaces';

const pageBytes = 4096;

/** A volume: `place` for who runs within the namespaces, `reach` for everybody else. */
export interface OwnVolume {
  readonly place: string;
  readonly reach: string;
}

/** Volumes in a mount namespace of a process that does nothing else; when it ends they are gone. */
export class OwnMounts {
  readonly #folder = temporaryFolder();
  readonly #holder: ChildProcess;
  #count = 0;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async start(): Promise<OwnMounts> {
    const holder = spawn('unshare', [...namespaces, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    // It answers only from within its namespaces.
    holder.stdin.write('?');
    await once(holder.stdout, 'data');
    return new OwnMounts(holder);
  }

  /** What comes before a command that runs within. */
  get enter(): readonly string[] {
    const own = `/proc/${this.#holder.pid}/ns`;
    const user = isRoot ? [] : [`--user=${own}/user`, '--preserve-credentials'];
    return ['nsenter', ...user, `--mount=${own}/mnt`];
  }

  /** Ends the namespaces, once nobody runs there any more. */
  async end(): Promise<void> {
    const isClosed = once(this.#holder, 'close');
    this.#holder.stdin!.end();
    await isClosed;
  }

  /** A copy of a folder on a volume of its own that has room for so many more pages of 4 KiB, and for no other byte. */
  copyToFull(folder: string, pagesLeft: number): OwnVolume {
    const place = this.#makePlace();
    this.#mount('-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', place);
    const volume = this.#volumeAt(place);
    fs.cpSync(folder, volume.reach, { recursive: true, preserveTimestamps: true });
    fillUp(path.join(volume.reach, 'filler'), pagesLeft);
    return volume;
  }

  /** A folder as a volume that takes no writes. */
  viewReadOnly(folder: string): OwnVolume {
    const place = this.#makePlace();
    this.#mount('--bind', folder, place);
    this.#mount('-o', 'remount,bind,ro', place);
    return this.#volumeAt(place);
  }

  #makePlace(): string {
    const place = path.join(this.#folder, String(++this.#count));
    fs.mkdirSync(place);
    return place;
  }

  #volumeAt(place: string): OwnVolume {
    return { place, reach: `/proc/${this.#holder.pid}/root${place}` };
  }

  #mount(...words: readonly string[]): void {
    const [program = '', ...entering] = this.enter;
    execFileSync(program, [...entering, 'mount', ...words]);
  }
}

/** Writes a file until the volume is full, then gives some pages back. */
function fillUp(file: string, pagesLeft: number): void {
  const filler = fs.openSync(file, 'w');
  let written = 0;
  try {
    for (const piece of [Buffer.alloc(1 << 20), Buffer.alloc(pageBytes)])
      assert.throws(() => {
        for (;;) written += fs.writeSync(filler, piece);
      }, /ENOSPC/);
    fs.ftruncateSync(filler, written - pagesLeft * pageBytes);
  } finally {
    fs.closeSync(filler);
  }
}
