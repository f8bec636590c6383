import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import { HostError, type HostFiles } from '../../host/host.ts';

/**
 * A file as a byte source: read where it is looked at, never as a whole. What cannot be read ends the source early, so
 * that its reader finds it damaged, never whole.
 */
export const hostSource = (files: HostFiles, path: string, sizeBytes: number): ByteSource => ({
  sizeBytes,
  read(offset, lengthBytes) {
    try {
      return files.read(path, Math.max(offset, 0), Math.max(lengthBytes, 0));
    } catch (error) {
      if (error instanceof HostError) return new Uint8Array(0);
      throw error;
    }
  },
});
