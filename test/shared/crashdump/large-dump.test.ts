import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyMachineCrash, sixteenGigabytes } from '../../../agent/lab/evidence/busy-machine.ts';
import { memoryDumpSource } from '../../../agent/lab/evidence/memory-dump.ts';
import { buildTriageDump } from '../../../agent/lab/evidence/triage-dump.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { makeExtract, maxExtractBytes } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { countingSource } from '../../support/counting-source.ts';

const crash = busyMachineCrash();
const asTriage = readCrashDump(memorySource(buildTriageDump(crash)));
const mostBytes = 4 * 1024 * 1024;

for (const [format, dumpType] of [
  ['full', 1],
  ['bitmap', 5],
  ['complete-memory', 10],
] as const) {
  test(`of the 16 GB of a ${format} dump at most 4 MB are read, for the answer and for the extract`, () => {
    const source = memoryDumpSource(crash, sixteenGigabytes(dumpType));
    assert.ok(source.sizeBytes > 16 * 2 ** 30 - 2 ** 20);
    assert.ok(asTriage.ok);
    const [reading, extracting] = [countingSource(source), countingSource(source)];
    assert.deepEqual(readCrashDump(reading), { ok: true, dump: { ...asTriage.dump, format } });
    assert.ok(reading.counted.bytes <= mostBytes, `${reading.counted.bytes} bytes`);

    const extract = makeExtract(extracting);
    assert.ok(extract.ok);
    assert.ok(extracting.counted.bytes <= mostBytes, `${extracting.counted.bytes} bytes`);
    assert.ok(extract.bytes.length <= maxExtractBytes);
    assert.deepEqual(readCrashDump(memorySource(extract.bytes)), asTriage);
  });
}
