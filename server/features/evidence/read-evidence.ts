import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { readSrtTrail } from '../../../shared/bootlog/read-srt-trail.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import { type EvidenceReading, unreadable } from './evidence-reading.ts';

/** Of a long boot log the newest starts tell the story; the bytes themselves stay. */
const mostBoots = 4;

/** Reads a piece of evidence. Bounded in time and memory for any bytes. */
export function readEvidence(kind: EvidenceKind, bytes: Uint8Array): EvidenceReading {
  switch (kind) {
    case 'crash-extract': {
      const result = readCrashDump(memorySource(bytes));
      return result.ok ? { state: 'parsed', reading: result.dump } : unreadable(result.problem);
    }
    case 'boot-log': {
      const result = readBootLog(bytes);
      if (!result.ok) return unreadable(result.problem);
      return { state: 'parsed', reading: { ...result.log, boots: result.log.boots.slice(-mostBoots) } };
    }
    case 'startup-repair-log': {
      const result = readSrtTrail(bytes);
      return result.ok ? { state: 'parsed', reading: result.trail } : unreadable(result.problem);
    }
    default:
      return kind satisfies never;
  }
}
