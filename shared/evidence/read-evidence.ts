import type { BootLog } from '../bootlog/boot-log.ts';
import type { BootStatus } from '../bootlog/boot-status.ts';
import type { PendingRenamesLog } from '../bootlog/pending-renames-log.ts';
import type { PendingTransaction } from '../bootlog/pending-transaction.ts';
import { readBootLog } from '../bootlog/read-boot-log.ts';
import { readBootStatus } from '../bootlog/read-boot-status.ts';
import { readPendingRenamesLog } from '../bootlog/read-pending-renames-log.ts';
import { readPendingTransaction } from '../bootlog/read-pending-transaction.ts';
import { readServicingLog } from '../bootlog/read-servicing-log.ts';
import { readSetupapiLog } from '../bootlog/read-setupapi-log.ts';
import { readSrtTrail } from '../bootlog/read-srt-trail.ts';
import type { ServicingLog } from '../bootlog/servicing-log.ts';
import type { SetupapiLog } from '../bootlog/setupapi-log.ts';
import type { SrtTrail } from '../bootlog/srt-trail.ts';
import { memorySource } from '../bytes/byte-source.ts';
import type { CrashDump } from '../crashdump/crash-dump.ts';
import { readCrashDump } from '../crashdump/read-crash-dump.ts';
import { readSystemEvents } from '../eventlog/read-system-events.ts';
import type { SystemEvents } from '../eventlog/system-event.ts';
import type { Facts } from '../facts/facts.ts';
import { factsOfBootLog } from '../facts/facts-of-boot-log.ts';
import { factsOfBootStatus } from '../facts/facts-of-boot-status.ts';
import { factsOfCrashDump } from '../facts/facts-of-crash-dump.ts';
import { factsOfDeviceInstalls } from '../facts/facts-of-device-installs.ts';
import { factsOfPendingRenamesLog } from '../facts/facts-of-pending-renames-log.ts';
import { factsOfPendingTransaction } from '../facts/facts-of-pending-transaction.ts';
import { factsOfRegistryExtract } from '../facts/facts-of-registry-extract.ts';
import { factsOfServicingLog } from '../facts/facts-of-servicing-log.ts';
import { factsOfStartupRepair } from '../facts/facts-of-startup-repair.ts';
import { factsOfSystemEvents } from '../facts/facts-of-system-events.ts';
import { readRegistryExtract } from '../registry/read-registry-extract.ts';
import type { RegistryExtract } from '../registry/registry-extract.ts';
import type { EvidenceKind } from '../wire/evidence.ts';

/** What each kind of evidence says when it could be read. */
export interface EvidenceReadings {
  readonly 'crash-extract': CrashDump;
  readonly 'boot-log': BootLog;
  readonly 'startup-repair-log': SrtTrail;
  readonly 'boot-status': BootStatus;
  readonly 'pending-renames-log': PendingRenamesLog;
  readonly 'pending-transaction': PendingTransaction;
  readonly 'servicing-log': ServicingLog;
  readonly 'device-install-log': SetupapiLog;
  readonly 'event-log': SystemEvents;
  readonly 'registry-extract': RegistryExtract;
}

/** A reading with the facts drawn from it, or why there is none. */
export type EvidenceResult<Reading = EvidenceReadings[EvidenceKind]> =
  | { readonly ok: true; readonly reading: Reading; readonly facts: Facts }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly message: string } };

type Readers = {
  readonly [Kind in EvidenceKind]: (bytes: Uint8Array) => EvidenceResult<EvidenceReadings[Kind]>;
};

const readers: Readers = {
  'crash-extract': bytes => {
    const read = readCrashDump(memorySource(bytes));
    return read.ok ? done(read.dump, factsOfCrashDump) : read;
  },
  'boot-log': bytes => {
    const read = readBootLog(bytes);
    return read.ok ? done(read.log, factsOfBootLog) : read;
  },
  'startup-repair-log': bytes => {
    const read = readSrtTrail(bytes);
    return read.ok ? done(read.trail, factsOfStartupRepair) : read;
  },
  'boot-status': bytes => {
    const read = readBootStatus(bytes);
    return read.ok ? done(read.log, factsOfBootStatus) : read;
  },
  'pending-renames-log': bytes => {
    const read = readPendingRenamesLog(memorySource(bytes));
    return read.ok ? done(read.log, factsOfPendingRenamesLog) : read;
  },
  'pending-transaction': bytes => {
    const read = readPendingTransaction(memorySource(bytes));
    return read.ok ? done(read.transaction, factsOfPendingTransaction) : read;
  },
  'servicing-log': bytes => {
    const read = readServicingLog(memorySource(bytes));
    return read.ok ? done(read.log, factsOfServicingLog) : read;
  },
  'device-install-log': bytes => {
    const read = readSetupapiLog(memorySource(bytes));
    return read.ok ? done(read.log, factsOfDeviceInstalls) : read;
  },
  'event-log': bytes => {
    const read = readSystemEvents(memorySource(bytes));
    return read.ok ? done(read.log, factsOfSystemEvents) : read;
  },
  'registry-extract': bytes => {
    const read = readRegistryExtract(bytes);
    if (!read.ok) return read;
    return done(read.extract, extract =>
      Object.assign({}, ...Object.values(factsOfRegistryExtract(extract))),
    );
  },
};

const done = <Reading>(reading: Reading, factsOf: (reading: Reading) => Facts): EvidenceResult<Reading> => ({
  ok: true,
  reading,
  facts: factsOf(reading),
});

/**
 * Reads a piece of evidence as what it is said to be and draws facts from it: agent and server do so with this code,
 * so that they differ only where their bytes or versions do. Never throws; bounded in time and memory for any bytes.
 */
export const readEvidence = <Kind extends EvidenceKind>(
  kind: Kind,
  bytes: Uint8Array,
): EvidenceResult<EvidenceReadings[Kind]> => readers[kind](bytes);
