/** Bytes that are written piece by piece, in order or in place; the canvas grows as needed. */
export class ByteCanvas {
  #bytes = Buffer.alloc(64 * 1024);
  #end = 0;

  /** Where the next piece goes. */
  get end(): number {
    return this.#end;
  }

  /** Adds zeros up to the next multiple of `boundary` and gives the new end. */
  align(boundary: number): number {
    this.#room(Math.ceil(this.#end / boundary) * boundary);
    return this.#end;
  }

  /** Adds zeros and gives the offset of their first byte. */
  reserve(lengthBytes: number): number {
    const offset = this.#end;
    this.#room(offset + lengthBytes);
    return offset;
  }

  append(bytes: Uint8Array): number {
    const offset = this.#end;
    this.bytes(offset, bytes);
    return offset;
  }

  fill(offset: number, lengthBytes: number, pattern: string): void {
    this.#room(offset + lengthBytes);
    this.#bytes.fill(pattern, offset, offset + lengthBytes, 'latin1');
  }

  bytes(offset: number, bytes: Uint8Array): void {
    this.#room(offset + bytes.length);
    this.#bytes.set(bytes, offset);
  }

  ascii(offset: number, text: string): void {
    this.bytes(offset, Buffer.from(text, 'latin1'));
  }

  utf16(offset: number, text: string): void {
    this.bytes(offset, Buffer.from(text, 'utf16le'));
  }

  u16(offset: number, value: number): void {
    this.#room(offset + 2);
    this.#bytes.writeUInt16LE(value, offset);
  }

  u32(offset: number, value: number): void {
    this.#room(offset + 4);
    this.#bytes.writeUInt32LE(value, offset);
  }

  u64(offset: number, value: bigint): void {
    this.#room(offset + 8);
    this.#bytes.writeBigUInt64LE(value, offset);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, this.#end));
  }

  #room(end: number): void {
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#end = Math.max(this.#end, end);
  }
}
