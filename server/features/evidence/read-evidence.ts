import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { readSrtTrail } from '../../../shared/bootlog/read-srt-trail.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { factsOfBootLog } from '../../../shared/facts/facts-of-boot-log.ts';
import { factsOfCrashDump } from '../../../shared/facts/facts-of-crash-dump.ts';
import { factsOfStartupRepair } from '../../../shared/facts/facts-of-startup-repair.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import { type EvidenceReading, unreadable } from './evidence-reading.ts';

/** Of a long boot log the newest starts tell the story; the bytes themselves stay. */
const mostBoots = 4;

/** Reads a piece of evidence, and draws facts from it as the device does. Bounded in time and memory for any bytes. */
export function readEvidence(kind: EvidenceKind, bytes: Uint8Array): EvidenceReading {
  switch (kind) {
    case 'crash-extract': {
      const result = readCrashDump(memorySource(bytes));
      if (!result.ok) return unreadable(result.problem);
      return { state: 'parsed', reading: result.dump, facts: factsOfCrashDump(result.dump) };
    }
    case 'boot-log': {
      const result = readBootLog(bytes);
      if (!result.ok) return unreadable(result.problem);
      const reading = { ...result.log, boots: result.log.boots.slice(-mostBoots) };
      return { state: 'parsed', reading, facts: factsOfBootLog(result.log) };
    }
    case 'startup-repair-log': {
      const result = readSrtTrail(bytes);
      if (!result.ok) return unreadable(result.problem);
      return { state: 'parsed', reading: result.trail, facts: factsOfStartupRepair(result.trail) };
    }
    default:
      return kind satisfies never;
  }
}
