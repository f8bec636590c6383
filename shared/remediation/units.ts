/** Units of a size, smallest first. */
export const sizeUnits = { bytes: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;

/** As many changes as the outcome of one step may carry. */
export const largestCount = 256;

/** A size in its largest unit without a remainder: `40 KB`, `41004 bytes`. */
export function printSize(sizeBytes: number): string {
  const units = Object.entries(sizeUnits).toReversed();
  const [unit, bytes] = units.find(([, one]) => sizeBytes > 0 && sizeBytes % one === 0) ?? ['bytes', 1];
  return `${sizeBytes / bytes} ${unit}`;
}

/** An instant as scripts write it: `2024-07-19 04:09 UTC`, with seconds where there are some. */
export function printInstant(instantMs: number): string {
  const iso = new Date(instantMs).toISOString();
  const seconds = iso.slice(16, 19) === ':00' ? '' : iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds} UTC`;
}

/** `1 file`, `4 files`. */
export const printCount = (files: number): string => (files === 1 ? '1 file' : `${files} files`);
