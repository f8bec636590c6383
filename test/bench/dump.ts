import { existsSync, readFileSync } from 'node:fs';
import { busyMachineCrash, sixteenGigabytes } from '../../agent/lab/evidence/busy-machine.ts';
import { memoryDumpSource } from '../../agent/lab/evidence/memory-dump.ts';
import { buildTriageDump } from '../../agent/lab/evidence/triage-dump.ts';
import { memorySource } from '../../shared/bytes/byte-source.ts';
import { makeExtract, maxExtractBytes } from '../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../shared/crashdump/read-crash-dump.ts';
import { countingSource } from '../support/counting-source.ts';
import { samplePath } from '../support/samples.ts';
import { type Figure, medianMs } from './figure.ts';

const megabyte = 1024 * 1024;

/** How long dumps take to read, and how much of a large one is read. */
export function* benchDump(): Generator<Figure> {
  const triage = buildTriageDump(busyMachineCrash({ extraBlocks: 1300 }));
  yield { figure: 'triage-size', value: triage.length, unit: 'bytes' };
  yield {
    figure: 'triage-read-median',
    value: medianMs(200, () => readCrashDump(memorySource(triage))),
    unit: 'ms',
    limit: 2,
  };
  const sample = samplePath('kdump/052223-4781-01.dmp');
  if (existsSync(sample)) {
    const bytes = readFileSync(sample);
    yield { figure: 'real-triage-size', value: bytes.length, unit: 'bytes' };
    const value = medianMs(200, () => readCrashDump(memorySource(bytes)));
    yield { figure: 'real-triage-read-median', value, unit: 'ms', limit: 2 };
  }
  for (const [name, dumpType] of [
    ['full', 1],
    ['bitmap', 5],
  ] as const) {
    yield* benchLarge(`${name}-16gb`, dumpType);
  }
}

function* benchLarge(name: string, dumpType: 1 | 5): Generator<Figure> {
  const source = memoryDumpSource(busyMachineCrash(), sixteenGigabytes(dumpType));
  yield { figure: `${name}-size`, value: source.sizeBytes, unit: 'bytes' };
  const reading = countingSource(source);
  const read = readCrashDump(reading);
  yield { figure: `${name}-modules`, value: read.ok ? read.dump.modules.length : 0, unit: 'count' };
  yield { figure: `${name}-bytes-read`, value: reading.counted.bytes, unit: 'bytes', limit: 4 * megabyte };
  yield { figure: `${name}-reads`, value: reading.counted.reads, unit: 'count' };
  yield {
    figure: `${name}-read-median`,
    value: medianMs(20, () => readCrashDump(source)),
    unit: 'ms',
    limit: 50,
  };
  const extracting = countingSource(source);
  const extract = makeExtract(extracting);
  const sizeBytes = extract.ok ? extract.bytes.length : Infinity;
  yield { figure: `${name}-extract-size`, value: sizeBytes, unit: 'bytes', limit: maxExtractBytes };
  yield {
    figure: `${name}-extract-bytes-read`,
    value: extracting.counted.bytes,
    unit: 'bytes',
    limit: 4 * megabyte,
  };
}
