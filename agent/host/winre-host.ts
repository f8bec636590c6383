import type { Host, HostLog, HostScreen } from './host.ts';
import { namingLibraries } from './library-missing.ts';
import type { NativeCalls } from './native-calls.ts';
import { winreCurves } from './winre-curves.ts';
import { createWinreFiles } from './winre-files.ts';
import { createWinreMachine } from './winre-machine.ts';
import { createWinreNetwork } from './winre-network.ts';
import { createWinreTools } from './winre-tools.ts';

export interface WinreHostOptions {
  readonly screen: HostScreen;
  readonly log: HostLog;
}

/** The agent's host on Windows, in the recovery environment and in a healthy one, over the calls of the C host. */
export function createWinreHost(calls: NativeCalls, { screen, log }: WinreHostOptions): Host {
  const native = namingLibraries(calls);
  return {
    files: createWinreFiles(native),
    clock: {
      monotonicMs: () => Math.floor(native.monotonicMs()),
      wallMs: () => native.wallMs(),
      wait: ms => Promise.resolve(native.waitForKey(ms) ? 'key' : 'elapsed'),
    },
    random: lengthBytes => native.randomBytes(lengthBytes),
    sha256: bytes => native.sha256(bytes),
    curves: winreCurves(native),
    deflate: bytes => native.deflate(bytes),
    network: createWinreNetwork(native),
    tools: createWinreTools(native),
    screen,
    log,
    machine: createWinreMachine(native),
  };
}
