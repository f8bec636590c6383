import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import type { HostFiles } from '../../host/host.ts';

/** A file as a byte source: read where it is looked at, never as a whole. */
export const hostSource = (files: HostFiles, path: string, sizeBytes: number): ByteSource => ({
  sizeBytes,
  read: (offset, lengthBytes) => files.read(path, Math.max(offset, 0), Math.max(lengthBytes, 0)),
});
