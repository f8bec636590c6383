import { firmwareReaders } from '../agent/host/damaged-firmware.ts';
import { logReaders } from '../shared/bootlog/damaged-logs.ts';
import { crashDumpReader } from '../shared/crashdump/damaged-dumps.ts';
import { eventLogReader } from '../shared/eventlog/damaged-event-logs.ts';
import { portableExecutableReader } from '../shared/portable-executable/damaged-images.ts';
import { registryExtractReader } from '../shared/registry/damaged-extracts.ts';
import { hiveReader } from '../shared/registry/damaged-hives.ts';
import type { FuzzedReader } from './fuzz.ts';

/** Every reader of what comes from a broken machine. */
export const fuzzedReaders: readonly FuzzedReader[] = [
  crashDumpReader,
  ...logReaders,
  eventLogReader,
  hiveReader,
  registryExtractReader,
  portableExecutableReader,
  ...firmwareReaders,
];
