import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { analyzeDump } from './analysis.ts';
import type { CrashDumpResult } from './crash-dump.ts';

/**
 * Reads a Windows kernel crash dump: what stopped Windows, where, and who is to blame. A damaged or lying dump gives
 * as much as it holds, with the rest named in `missing`; only a file without a dump header is a problem. Never throws,
 * with time and memory bounded for any input.
 */
export function readCrashDump(source: ByteSource): CrashDumpResult {
  const analysis = analyzeDump(new ByteReader(source));
  return 'code' in analysis ? { ok: false, problem: analysis } : { ok: true, dump: analysis.dump };
}
