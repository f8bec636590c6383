import { type Host, HostError } from '../../host/host.ts';
import type { FoundWindows } from '../found-windows.ts';

/**
 * The machine for somebody who only looks at it: an entry or a folder that the disk does not give is absent. Nobody may
 * conclude from that that it is not there.
 */
export function readablePartOf(
  host: Host,
  windows: FoundWindows,
): { readonly host: Host; readonly windows: FoundWindows } {
  const { files } = host;
  return {
    host: {
      ...host,
      files: { ...files, find: readable(path => files.find(path)), list: readable(path => files.list(path)) },
    },
    windows: {
      ...windows,
      find: readable(path => windows.find(path)),
      list: readable(path => windows.list(path)),
      open: readable(path => windows.open(path)),
    },
  };
}

const readable =
  <Value>(look: (path: string) => Value | undefined) =>
  (path: string): Value | undefined => {
    try {
      return look(path);
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  };
