import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildDriverFile } from '../../agent/lab/evidence/driver-file.ts';
import { buildEventLog } from '../../agent/lab/logs/event-log.ts';
import { startEvent } from '../../agent/lab/logs/system-events.ts';
import { buildHive } from '../../agent/lab/registry/hive-builder.ts';
import { binary, dword, key, text } from '../../agent/lab/registry/key-plan.ts';
import { memorySource } from '../../shared/bytes/byte-source.ts';
import { readEvidence } from '../../shared/evidence/read-evidence.ts';
import { readPortableExecutable } from '../../shared/portable-executable/portable-executable.ts';
import { checkHive } from '../../shared/registry/check-hive.ts';
import { recoverHive } from '../../shared/registry/recover-hive.ts';
import type { EvidenceKind } from '../../shared/wire/evidence.ts';
import * as whole from './bootlog/whole-logs.ts';
import { exampleExtract } from './registry/example-extract.ts';

// Crash dumps are cut in crashdump/every-kind-damaged.test.ts, and logs of hives in registry/cut-logs.test.ts.

/** What a file that was cut off still says. */
interface Part {
  /** Everything it names, in any order. */
  readonly told: readonly string[];
  /** Codes of what is missing or wrong. */
  readonly codes: readonly string[];
}

interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where structures begin. */
  readonly borders: readonly number[];
  readonly read: (bytes: Uint8Array) => Part;
  /** Whether a cut here leaves a shorter file that is whole: a log that has not gone on. */
  readonly mayBeWhole?: (length: number) => boolean;
}

const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
};

/** Problems apart, what any reading tells. */
function partOf(kind: EvidenceKind, bytes: Uint8Array): Part {
  const read = readEvidence(kind, bytes);
  if (!read.ok) return { told: [], codes: [read.problem.code] };
  const { problems = [], ...reading } = read.reading as { problems?: readonly { code: string }[] };
  return { told: textsOf(reading), codes: problems.map(problem => problem.code) };
}

/** Where the lines of a text begin. */
function linesOf(bytes: Uint8Array): { readonly borders: number[]; readonly isWide: boolean } {
  const isWide = bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe);
  const borders: number[] = [];
  bytes.forEach((byte, at) => {
    if (byte === 0x0a && (!isWide || at % 2 === 0)) borders.push(at + (isWide ? 2 : 1));
  });
  return { borders, isWide };
}

function textSubject(kind: EvidenceKind, name: string, bytes: Uint8Array): Subject {
  const { borders, isWide } = linesOf(bytes);
  const ends = new Set(borders.flatMap(end => [end, end - (isWide ? 2 : 1)]));
  const mark = bytes[0] === 0xff ? 2 : bytes[0] === 0xef ? 3 : 0;
  return {
    name: `${kind}, ${name}`,
    bytes,
    borders,
    read: part => partOf(kind, part),
    mayBeWhole: length => length <= mark || ends.has(length),
  };
}

const texts = (kind: EvidenceKind, files: Readonly<Record<string, Uint8Array>>) =>
  Object.entries(files).map(([name, bytes]) => textSubject(kind, name, bytes));

/** As long as cuts at every 4 KB need it to be. */
const longTexts = {
  'of many starts': Buffer.concat([
    whole.bootLogs['as Windows 10 writes it']!,
    ...Array.from({ length: 40 }, () => whole.bootLogs['as Windows 10 writes it']!.subarray(2)),
  ]),
};

const transaction = whole.pendingTransactions['one package']!;
const status = whole.bootStatuses['of Windows']!;
const minute = (at: number) => new Date(Date.UTC(2024, 6, 19, 4, at));
const events = buildEventLog({
  computer: 'LAB-1',
  eventsPerChunk: 4,
  events: Array.from({ length: 12 }, (_, at) => startEvent(minute(at), 22631, at)),
});
const driver = buildDriverFile({ version: '7.15.18513.0', linkedAt: minute(0) });
const hive = buildHive({
  root: key(
    'ROOT',
    [dword('Small', 1), text('Text', 'some text'), binary('Large', new Uint8Array(17_000))],
    [key('A', [text('Name', 'a')], [key('Deep')]), key('B', [], [key('X'), key('Y')])],
  ),
});

/** Places of records by their signature, each chunk apart. */
function recordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const places: number[] = [];
  for (let at = 4096; at + 8 <= bytes.length; at += 8)
    if (view.getUint32(at, true) === 0x2a2a) places.push(at);
  return places;
}

/** Where the cells of a hive begin, up to the last that is in use: behind it nothing can be missed. */
function cellsOf(bytes: Uint8Array): { readonly borders: number[]; readonly usedBytes: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const borders: number[] = [];
  let usedBytes = 4096;
  for (let bin = 4096; bin < bytes.length; bin += view.getUint32(bin + 8, true)) {
    const end = bin + view.getUint32(bin + 8, true);
    for (let cell = bin + 32; cell < end; cell += Math.abs(view.getInt32(cell, true))) {
      borders.push(cell);
      if (view.getInt32(cell, true) < 0) usedBytes = cell - view.getInt32(cell, true);
    }
  }
  return { borders, usedBytes };
}

function readHive(bytes: Uint8Array): Part {
  const recovered = recoverHive(memorySource(bytes), {});
  if (!recovered.ok) return { told: [], codes: [recovered.problem.code] };
  const told = [...recovered.hive.walk()].map(({ key: node }) => node.name);
  const codes = [...recovered.problems, ...checkHive(recovered.hive).problems].map(problem => problem.code);
  return { told, codes };
}

function readDriver(bytes: Uint8Array): Part {
  const read = readPortableExecutable(memorySource(bytes));
  if (!read.ok) return { told: [], codes: [read.problem.code] };
  const { architecture, timeDateStamp, fileVersion, productVersion, problems } = read.image;
  return {
    told: [architecture, timeDateStamp, fileVersion, productVersion].filter(one => one !== null),
    codes: problems.map(problem => problem.code),
  };
}

const subjects: readonly Subject[] = [
  ...texts('boot-log', { ...whole.bootLogs, ...longTexts }),
  ...texts('startup-repair-log', whole.srtTrails),
  ...texts('servicing-log', whole.servicingLogs),
  ...texts('device-install-log', whole.setupapiLogs),
  ...texts('pending-renames-log', whole.pendingRenamesLogs),
  {
    name: 'pending-transaction',
    bytes: transaction.subarray(0, Buffer.from(transaction).lastIndexOf('>')),
    borders: linesOf(transaction).borders,
    read: bytes => partOf('pending-transaction', bytes),
  },
  {
    name: 'boot-status',
    bytes: status,
    borders: [0x08, 0x0c, 0x10, 0x20, 0x30, 0x34, 0x40, 0x800, 0x814, 0x83c, 0x878],
    read: bytes => partOf('boot-status', bytes),
  },
  {
    name: 'event-log',
    bytes: events,
    borders: [128, 4096, ...recordsOf(events), 4096 + 0x10000, 4096 + 0x20000],
    read: bytes => partOf('event-log', bytes),
  },
  {
    name: 'registry-extract',
    bytes: Buffer.from(JSON.stringify(exampleExtract)),
    borders: Array.from({ length: 200 }, (_, at) => at * 8),
    read: bytes => partOf('registry-extract', bytes),
  },
  {
    name: 'driver',
    bytes: driver,
    borders: [0x40, 0x80, 0x98, 0x188, 0x1b0, 0x200, 0x400, 0x600, 0x658],
    read: readDriver,
  },
  {
    name: 'hive',
    bytes: hive.subarray(0, cellsOf(hive).usedBytes),
    borders: [32, 512, 4096, ...cellsOf(hive).borders],
    read: readHive,
  },
];

for (const { name, bytes, borders, read, mayBeWhole } of subjects)
  test(`${name}: cut at every border and every 4 KB, it tells what is left and that something is missing`, () => {
    const all = new Set(read(bytes).told);
    const lengths = new Set<number>();
    for (let at = 0; at < bytes.length; at += 4096) for (const near of [-1, 0, 1]) lengths.add(at + near);
    for (const border of borders) for (const near of [-1, 0, 1]) lengths.add(border + near);
    let partial = 0;
    for (const length of lengths) {
      if (length < 0 || length >= bytes.length) continue;
      const { told, codes } = read(bytes.slice(0, length));
      if (!mayBeWhole?.(length)) assert.notDeepEqual(codes, [], `nothing is missed at ${length}`);
      // The line or value that the cut goes through may be told in part; nothing else may be told otherwise.
      const strange = told.filter(one => !all.has(one) && ![...all].some(known => known.startsWith(one)));
      assert.ok(strange.length <= 4, `cut at ${length}: ${strange.join(' | ')}`);
      if (told.length > 0) partial++;
    }
    if (name !== 'registry-extract') assert.ok(partial > 0, 'no cut leaves anything to tell');
  });
