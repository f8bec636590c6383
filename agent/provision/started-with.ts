import * as z from 'zod/mini';
import type { Facts } from '../../shared/facts/facts.ts';
import { parseFacts } from '../../shared/facts/parse-facts.ts';
import { probe, type Probe } from '../../shared/wire/answer.ts';
import { collectHealthyFacts } from '../core/collect/collect-healthy-facts.ts';
import { findWindows, withBitLocker } from '../core/found-windows.ts';
import { readJsonFile, stateFolderOn, writeJsonFile } from '../core/state-folder.ts';
import { joinPath } from '../core/windows-path.ts';
import { type Host, HostError } from '../host/host.ts';
import { removeTree } from './file-work.ts';
import type { StartsSeen } from './watch-starts.ts';
import { runTool } from './windows-tools.ts';

const startedWithRecord = z.object({
  version: z.literal(1),
  /** What the last start in order was made of; none after a start that proves nothing. */
  facts: z.record(z.string(), z.unknown()),
  /** What the server asked last, for the next start. */
  asked: z.array(probe).check(z.maxLength(16)),
});

/** A copy of SYSTEM and SOFTWARE takes up to 200 MB for a moment. */
const freeBytesNeeded = 1024 * 1024 * 1024;

/**
 * What this Windows came up with, for comparison with machines that do not. A file or driver that came after the start
 * proves nothing yet, so facts are taken once, at the first look at a start, and told as they are until the next. After
 * a start that followed a crash, or of which nothing is known, there are none.
 */
export async function noteStartedWith(host: Host, root: string, starts: StartsSeen): Promise<Facts> {
  if (starts === 'nothing' || starts === 'disarmed') return readStartedWith(host, root);
  const { asked } = readRecord(host, root);
  const facts = starts === 'in-order' ? await collect(host, asked).catch(unreadable) : {};
  save(host, root, { facts, asked });
  return facts;
}

/** What was noted at the last start. */
export const readStartedWith = (host: Host, root: string): Facts =>
  parseFacts(readRecord(host, root).facts).facts;

/** Keeps what the server would like to know of the next start. */
export function keepAsked(host: Host, root: string, asked: readonly Probe[]): void {
  const record = readRecord(host, root);
  if (JSON.stringify(record.asked) !== JSON.stringify(asked)) save(host, root, { ...record, asked });
}

async function collect(host: Host, asked: readonly Probe[]): Promise<Facts> {
  const found = findWindows(host);
  if (!found.ok) return {};
  const hivesIn = stateFolderOn(found.windows.root).hiveCopies;
  removeTree(host, hivesIn);
  const free = host.files.freeBytes(found.windows.root);
  if (free !== undefined && free < freeBytesNeeded) return {};
  host.files.makeDirectory(hivesIn);
  try {
    // Windows holds its hives while it runs; what reg saves is whole and has no logs.
    for (const hive of ['SYSTEM', 'SOFTWARE']) {
      const saved = await runTool(host, 'reg', 'save', `HKLM\\${hive}`, joinPath(hivesIn, hive), '/y');
      if (!saved.ok) return {};
    }
    const windows = await withBitLocker(host, found.windows);
    return collectHealthyFacts(host, { ...windows, hivesIn }, asked);
  } finally {
    // They hold secrets of the machine and must not stay.
    removeTree(host, hivesIn);
  }
}

function unreadable(error: unknown): Facts {
  if (error instanceof HostError) return {};
  throw error;
}

function readRecord(host: Host, root: string) {
  const read = readJsonFile(host, stateFolderOn(root).startedWith, startedWithRecord);
  return read.kind === 'value' ? read.value : { facts: {}, asked: [] };
}

function save(host: Host, root: string, record: { facts: object; asked: readonly Probe[] }): void {
  host.files.makeDirectory(stateFolderOn(root).path);
  writeJsonFile(host, stateFolderOn(root).startedWith, { version: 1, ...record });
}
