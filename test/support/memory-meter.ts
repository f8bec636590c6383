import v8 from 'node:v8';

/** Reads something of so many bytes and notes how much memory that took. */
export type Measure = <Answer>(inputBytes: number, read: () => Answer) => Answer;

/** For readings whose memory nobody asks about. */
export const unmeasured: Measure = (_inputBytes, read) => read();

/**
 * What a reader may allocate in all while it reads one file, garbage included, which is more than it ever holds: for
 * what it does whatever the file, and for each byte of it. Text logs need the most, some 110 for each byte: a line is
 * decoded, cut, matched and printed.
 */
const fixedBytes = 8 * 1024 * 1024;
const mostPerByte = 160;

/** Holds readings to memory by the size of their input, whatever that input claims. */
export class MemoryMeter {
  /** The most that a reading took of what it may, 1 being all of it. */
  share = 0;
  /** The most that one reading allocated. */
  mostBytes = 0;

  readonly measure: Measure = (inputBytes, read) => {
    const before = v8.getHeapStatistics();
    const answer = read();
    const after = v8.getHeapStatistics();
    // Buffers stand outside of the heap, and only their sum now is known.
    const buffers = Math.max(0, after.external_memory - before.external_memory);
    const allocated = after.total_allocated_bytes - before.total_allocated_bytes + buffers;
    const allowed = fixedBytes + mostPerByte * inputBytes;
    this.mostBytes = Math.max(this.mostBytes, allocated);
    this.share = Math.max(this.share, allocated / allowed);
    if (allocated > allowed)
      throw new Error(`reading ${inputBytes} bytes allocated ${allocated}; ${allowed} are allowed`);
    return answer;
  };
}
