/** One entry of the boot manager's log. */
export type LabBootEntry =
  | { readonly kind: 'start'; readonly at: Date }
  | { readonly kind: 'launch'; readonly path: string }
  | { readonly kind: 'failure'; readonly eventId: number; readonly status: number; readonly path?: string };

/** The state a start of Windows left behind. */
export interface LabBootStatus {
  readonly wasLastStartGood: boolean;
  readonly wasLastStopClean: boolean;
  readonly lastAliveAt: Date;
  readonly startNumber: number;
  readonly lastCleanStopNumber: number;
  /** Oldest first. */
  readonly entries?: readonly LabBootEntry[];
}

const logBytes = 65536;
const headerBytes = 20;

/** Builds `\Windows\bootstat.dat` of Windows 10 and 11. */
export function buildBootStatus(status: LabBootStatus): Uint8Array {
  const head = Buffer.alloc(2048);
  head.writeUInt32LE(176, 0);
  head.writeUInt32LE(1, 4);
  head[9] = 30;
  head[10] = status.wasLastStartGood ? 1 : 0;
  head[11] = status.wasLastStopClean ? 1 : 0;
  head.writeBigUInt64LE((BigInt(status.lastAliveAt.getTime()) + 11_644_473_600_000n) * 10_000n, 32);
  head[48] = 1;
  head.writeUInt32LE(status.startNumber, 52);
  head.writeUInt32LE(status.lastCleanStopNumber, 56);
  return Uint8Array.from(Buffer.concat([head, bootLogOf(status.entries ?? [])]));
}

/** Builds the log of the boot manager alone, as on the EFI partition. */
export const buildBootManagerLog = (entries: readonly LabBootEntry[]): Uint8Array =>
  Uint8Array.from(bootLogOf(entries));

/** The log is a ring: an entry that does not fit any more is written behind the header, over the oldest ones. */
function bootLogOf(entries: readonly LabBootEntry[]): Buffer {
  const log = Buffer.alloc(logBytes);
  let places: { from: number; to: number }[] = [];
  let written = headerBytes;
  for (const entry of entries) {
    const bytes = entryOf(entry);
    if (written + bytes.length > logBytes) {
      log.fill(0, written);
      written = headerBytes;
    }
    const place = { from: written, to: written + bytes.length };
    places = [...places.filter(one => one.to <= place.from || one.from >= place.to), place];
    bytes.copy(log, place.from);
    written = place.to;
  }
  const behind = places.filter(one => one.from >= written).map(one => one.from);
  log.writeUInt32LE(4, 0);
  log.writeUInt32LE(headerBytes, 4);
  log.writeUInt32LE(logBytes, 8);
  log.writeUInt32LE(written, 12);
  log.writeUInt32LE(behind.length > 0 ? Math.min(...behind) : headerBytes, 16);
  return log;
}

const eventIds = { start: 0x01, launch: 0x11 } as const;

function entryOf(entry: LabBootEntry): Buffer {
  const data = dataOf(entry);
  const head = Buffer.alloc(40);
  head.write('1d649c98c0d9eb11a70d96e55935c973', 8, 'hex');
  head.writeUInt32LE(head.length + data.length, 24);
  head.writeUInt32LE(entry.kind === 'failure' ? 3 : 1, 28);
  head.writeUInt32LE(3, 32);
  head.writeUInt32LE(entry.kind === 'failure' ? entry.eventId : eventIds[entry.kind], 36);
  return Buffer.concat([head, data]);
}

function dataOf(entry: LabBootEntry): Buffer {
  if (entry.kind === 'launch') {
    return Buffer.concat([Buffer.alloc(20), Buffer.from(`${entry.path}\0`, 'utf16le')]);
  }
  if (entry.kind === 'failure') {
    const status = Buffer.alloc(4);
    status.writeUInt32LE(entry.status);
    const path = entry.path === undefined ? '' : `${entry.path}\0`;
    return Buffer.concat([status, Buffer.from(path, 'utf16le')]);
  }
  const { at } = entry;
  const date = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0, 7];
  const words = Buffer.from(new Uint16Array([...date, ...time]).buffer);
  return Buffer.concat([words, Buffer.from('0100000000000000', 'hex')]);
}
