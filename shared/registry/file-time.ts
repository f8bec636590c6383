const unixEpochMs = 11644473600000n;
const lastTicks = 0x24c85a5ed1c04000n;

/** Instant of a FILETIME (100 ns steps since 1601, UTC) to the millisecond; null for zero and for what is no time. */
export function instantOfFileTime(ticks: bigint | undefined): string | null {
  if (ticks === undefined || ticks <= 0n || ticks >= lastTicks) return null;
  return new Date(Number(ticks / 10000n - unixEpochMs)).toISOString();
}

/** FILETIME of an instant; undefined for text that is none. */
export function fileTimeOfInstant(instant: string): bigint | undefined {
  const milliseconds = Date.parse(instant);
  return Number.isNaN(milliseconds) ? undefined : (BigInt(milliseconds) + unixEpochMs) * 10000n;
}
