import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Host, HostLog, HostMachine, HostScreen, HostTools } from './host.ts';
import { createNodeFiles } from './node-files.ts';
import { createNodeNetwork } from './node-network.ts';
import { noTools } from './no-tools.ts';
import { scriptCurves } from './script-curves.ts';

export interface NodeHostOptions {
  /** Folder of each drive by upper-case letter. A drive that is locked is left out. */
  readonly drives: Readonly<Record<string, string>>;
  readonly machine: HostMachine;
  readonly screen: HostScreen;
  readonly log: HostLog;
  /** Programs; without it there are none. */
  readonly tools?: HostTools;
  /** Settles when a person presses a key; never, when there is no keyboard. */
  readonly keyPressed?: Promise<void>;
}

/** The agent's host on Node: folders stand for drives, TLS and time are real. `close` lets the process end. */
export function createNodeHost(options: NodeHostOptions): Host & { readonly close: () => void } {
  const network = createNodeNetwork();
  const never = new Promise<void>(() => undefined);
  return {
    files: createNodeFiles(options.drives),
    clock: {
      monotonicMs: () => Math.floor(performance.now()),
      wallMs: () => Date.now(),
      wait: async ms => {
        const { promise, resolve } = Promise.withResolvers<'elapsed' | 'key'>();
        const timer = setTimeout(resolve, ms, 'elapsed');
        const key = (options.keyPressed ?? never).then(() => 'key' as const);
        const first = await Promise.race([promise, key]);
        clearTimeout(timer);
        return first;
      },
    },
    random: lengthBytes => new Uint8Array(randomBytes(lengthBytes)),
    sha256: bytes => new Uint8Array(createHash('sha256').update(bytes).digest()),
    curves: scriptCurves,
    deflate: bytes => new Uint8Array(deflateRawSync(bytes)),
    network,
    tools: options.tools ?? noTools,
    screen: options.screen,
    log: options.log,
    machine: options.machine,
    close: network.close,
  };
}
