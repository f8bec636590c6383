import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream, type Stats, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export interface AgentFileView {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly builtAt: string;
}

/** The agent for Windows as this server built it, with its hash. */
export class AgentFile {
  readonly #path: string;
  #known: { readonly key: string; readonly view: AgentFileView } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is there; undefined while it is not built. */
  async find(): Promise<AgentFileView | undefined> {
    const stats = this.#stats();
    if (!stats) return undefined;
    const key = `${stats.mtimeMs} ${stats.size}`;
    if (this.#known?.key === key) return this.#known.view;
    const hash = createHash('sha256');
    await pipeline(createReadStream(this.#path), hash);
    const view = { sizeBytes: stats.size, sha256: hash.digest('hex'), builtAt: stats.mtime.toISOString() };
    this.#known = { key, view };
    return view;
  }

  open(): ReadStream {
    return createReadStream(this.#path);
  }

  #stats(): Stats | undefined {
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? stats : undefined;
  }
}
