import { crc32 } from 'node:zlib';
import type { LabEvent, LabEventValue } from './event-log.ts';

const sizeBytes = 65536;
const roomForOneEvent = 6000;

/** A typed value of a record: its bytes, or what writes it in place. */
interface Value {
  readonly type: number;
  readonly write: () => void;
}

/** One chunk of an .evtx file, written record by record; names and templates stand where they are first used. */
export class EventChunk {
  count = 0;
  readonly #bytes = Buffer.alloc(sizeBytes);
  readonly #computer: string;
  readonly #firstRecordId: number;
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<string, number>();
  #at = 512;
  #lastRecordAt = 512;

  constructor(computer: string, firstRecordId: number) {
    this.#computer = computer;
    this.#firstRecordId = firstRecordId;
  }

  get hasRoom(): boolean {
    return this.#at + roomForOneEvent < sizeBytes;
  }

  write(event: LabEvent, recordId: number): void {
    const start = this.#at;
    this.#u32(0x2a2a);
    this.#u32(0);
    this.#u64(BigInt(recordId));
    this.#u64(fileTimeOf(event.at));
    this.#fragmentHeader();
    this.#writeEvent(event, recordId);
    this.#u8(0);
    const padding = (8 - ((this.#at + 4 - start) % 8)) % 8;
    this.#at += padding;
    const size = this.#at + 4 - start;
    this.#u32(size);
    this.#bytes.writeUInt32LE(size, start + 4);
    this.#lastRecordAt = start;
    this.count++;
  }

  finish(): Buffer {
    const bytes = this.#bytes;
    bytes.write('ElfChnk\0', 'latin1');
    const last = this.#firstRecordId + this.count - 1;
    [this.#firstRecordId, last, this.#firstRecordId, last].forEach((id, index) => {
      bytes.writeBigUInt64LE(BigInt(id), 8 + index * 8);
    });
    bytes.writeUInt32LE(128, 40);
    bytes.writeUInt32LE(this.#lastRecordAt, 44);
    bytes.writeUInt32LE(this.#at, 48);
    bytes.writeUInt32LE(crc32(bytes.subarray(512, this.#at)), 52);
    const header = Buffer.concat([bytes.subarray(0, 120), bytes.subarray(128, 512)]);
    bytes.writeUInt32LE(crc32(header), 124);
    return bytes;
  }

  /** The system part is a template of the provider; the data is a value that is XML again, as in manifest events. */
  #writeEvent(event: LabEvent, recordId: number): void {
    const { provider, eventSource } = event;
    this.#instance(
      `event ${provider} ${eventSource ?? ''}`,
      () =>
        this.#element('Event', [['xmlns', 'http://schemas.microsoft.com/win/2004/08/events/event']], () => {
          this.#element('System', [], () => {
            const source: [string, string][] = eventSource ? [['EventSourceName', eventSource]] : [];
            this.#element('Provider', [['Name', provider], ...source]);
            this.#element('EventID', [], () => this.#substitution(0, 0x06));
            this.#element('Level', [], () => this.#substitution(1, 0x04));
            this.#element('TimeCreated', [['SystemTime', { index: 2, type: 0x11 }]]);
            this.#element('EventRecordID', [], () => this.#substitution(3, 0x0a));
            this.#element('Channel', [], () => this.#text('System'));
            this.#element('Computer', [], () => this.#text(this.#computer));
          });
          this.#substitution(4, 0x21, true);
        }),
      [
        { type: 0x06, write: () => this.#u16(event.eventId) },
        { type: 0x04, write: () => this.#u8(event.level ?? 4) },
        { type: 0x11, write: () => this.#u64(fileTimeOf(event.at)) },
        { type: 0x0a, write: () => this.#u64(BigInt(recordId)) },
        { type: 0x21, write: () => this.#data(event) },
      ],
    );
  }

  #data(event: LabEvent): void {
    this.#fragmentHeader();
    const values = event.values ?? {};
    if (isList(values)) this.#classicData(values, event.binary);
    else this.#namedData(values);
    this.#u8(0);
  }

  #classicData(values: readonly string[], binary: Uint8Array | undefined): void {
    this.#instance(
      'classic data',
      () =>
        this.#element('EventData', [], () => {
          this.#element('Data', [], () => this.#substitution(0, 0x81));
          this.#element('Binary', [], () => this.#substitution(1, 0x0e, true));
        }),
      [
        { type: 0x81, write: () => this.#utf16(values.map(value => `${value}\0`).join('')) },
        binary
          ? { type: 0x0e, write: () => this.#raw(Buffer.from(binary)) }
          : { type: 0, write: () => undefined },
      ],
    );
  }

  #namedData(values: Readonly<Record<string, LabEventValue>>): void {
    const entries = Object.entries(values).map(([name, value]) => ({ name, value: this.#valueOf(value) }));
    this.#instance(
      `data ${entries.map(one => `${one.name} ${one.value.type}`).join(' ')}`,
      () =>
        this.#element('EventData', [], () => {
          entries.forEach((one, index) =>
            this.#element('Data', [['Name', one.name]], () => this.#substitution(index, one.value.type)),
          );
        }),
      entries.map(one => one.value),
    );
  }

  #valueOf(value: LabEventValue): Value {
    if (value instanceof Date) return { type: 0x11, write: () => this.#u64(fileTimeOf(value)) };
    if (typeof value === 'string') return { type: 0x01, write: () => this.#utf16(value) };
    if (typeof value === 'bigint') return { type: 0x15, write: () => this.#u64(value) };
    if (typeof value === 'boolean') return { type: 0x0d, write: () => this.#u32(value ? 1 : 0) };
    if (typeof value === 'object') return { type: 0x14, write: () => this.#u32(value.hex32) };
    return { type: value < 0 ? 0x07 : 0x08, write: () => this.#u32(value >>> 0) };
  }

  /** A template, defined here or earlier in the chunk, and the values that fill it. */
  #instance(key: string, define: () => void, values: readonly Value[]): void {
    const known = this.#templates.get(key);
    this.#u8(0x0c);
    this.#u8(1);
    this.#u32(0x1000 + this.#templates.size);
    this.#u32(known ?? this.#at + 4);
    if (known === undefined) this.#define(key, define);
    this.#u32(values.length);
    const descriptors = this.#at;
    this.#at += values.length * 4;
    values.forEach((value, index) => {
      const start = this.#at;
      value.write();
      this.#bytes.writeUInt16LE(this.#at - start, descriptors + index * 4);
      this.#bytes.writeUInt8(value.type, descriptors + index * 4 + 2);
    });
  }

  #define(key: string, define: () => void): void {
    this.#templates.set(key, this.#at);
    this.#u32(0);
    this.#raw(Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
    const sizeAt = this.#at;
    this.#u32(0);
    this.#fragmentHeader();
    define();
    this.#u8(0);
    this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt);
  }

  #element(
    name: string,
    attributes: readonly (readonly [string, string | { index: number; type: number }])[],
    content?: () => void,
  ): void {
    this.#u8(attributes.length > 0 ? 0x41 : 0x01);
    this.#u16(0xffff);
    const sizeAt = this.#at;
    this.#u32(0);
    this.#name(name);
    if (attributes.length > 0) this.#attributes(attributes);
    if (content) {
      this.#u8(0x02);
      content();
      this.#u8(0x04);
    } else this.#u8(0x03);
    this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt);
  }

  #attributes(attributes: readonly (readonly [string, string | { index: number; type: number }])[]): void {
    const sizeAt = this.#at;
    this.#u32(0);
    attributes.forEach(([name, value], index) => {
      this.#u8(index === attributes.length - 1 ? 0x06 : 0x46);
      this.#name(name);
      if (typeof value === 'string') this.#text(value);
      else this.#substitution(value.index, value.type);
    });
    this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt);
  }

  #name(text: string): void {
    const known = this.#names.get(text);
    this.#u32(known ?? this.#at + 4);
    if (known !== undefined) return;
    this.#names.set(text, this.#at);
    this.#u32(0);
    let hash = 0;
    for (const unit of text) hash = (Math.imul(hash, 65599) + unit.charCodeAt(0)) >>> 0;
    this.#u16(hash & 0xffff);
    this.#u16(text.length);
    this.#utf16(`${text}\0`);
  }

  #text(text: string): void {
    this.#u8(0x05);
    this.#u8(0x01);
    this.#u16(text.length);
    this.#utf16(text);
  }

  #substitution(index: number, type: number, isOptional = false): void {
    this.#u8(isOptional ? 0x0e : 0x0d);
    this.#u16(index);
    this.#u8(type);
  }

  #fragmentHeader(): void {
    this.#raw(Buffer.of(0x0f, 1, 1, 0));
  }

  #utf16(text: string): void {
    this.#raw(Buffer.from(text, 'utf16le'));
  }

  #raw(bytes: Buffer): void {
    bytes.copy(this.#bytes, this.#at);
    this.#at += bytes.length;
  }

  #u8(value: number): void {
    this.#at = this.#bytes.writeUInt8(value, this.#at);
  }

  #u16(value: number): void {
    this.#at = this.#bytes.writeUInt16LE(value, this.#at);
  }

  #u32(value: number): void {
    this.#at = this.#bytes.writeUInt32LE(value, this.#at);
  }

  #u64(value: bigint): void {
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at);
  }
}

const isList = (
  values: Readonly<Record<string, LabEventValue>> | readonly string[],
): values is readonly string[] => Array.isArray(values);

const fileTimeOf = (at: Date) => (BigInt(at.getTime()) + 11_644_473_600_000n) * 10_000n;
