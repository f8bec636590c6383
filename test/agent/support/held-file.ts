import { fileError } from '../../../agent/host/file-failure.ts';
import type { Host } from '../../../agent/host/host.ts';

/**
 * The same machine while somebody else holds a file open. Held for reading, it can be read and linked, but not moved,
 * removed or replaced; held alone, not even read.
 */
export function holdingFile(host: Host, path: string, how: 'for reading' | 'alone'): Host {
  const { files } = host;
  const refuse = (...paths: readonly string[]) => {
    if (paths.some(one => one.toLowerCase() === path.toLowerCase()))
      throw fileError('in-use', `${path} is in use`);
  };
  const refuseReading = (one: string) => how === 'alone' && refuse(one);
  return {
    ...host,
    files: {
      ...files,
      read: (one, offset, lengthBytes) => {
        refuseReading(one);
        return files.read(one, offset, lengthBytes);
      },
      hash: one => {
        refuseReading(one);
        return files.hash(one);
      },
      append: (one, bytes) => {
        refuse(one);
        files.append(one, bytes);
      },
      rename: (from, to, options) => {
        refuse(from, to);
        files.rename(from, to, options);
      },
      link: (from, to) => {
        refuseReading(from);
        files.link(from, to);
      },
      remove: one => {
        refuse(one);
        files.remove(one);
      },
    },
  };
}
