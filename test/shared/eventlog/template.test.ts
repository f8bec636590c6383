import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventDocument } from '../../../shared/eventlog/event.ts';
import { BrokenXml, ChunkXml } from '../../../shared/eventlog/template.ts';
import { textsOfValue } from '../../../shared/eventlog/value-text.ts';
import { WorkLimit } from '../../../shared/eventlog/work-limit.ts';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);

/** Binary XML written token by token; names lie at fixed places before it. */
class Tokens {
  readonly #names = new Map<string, number>();
  readonly #pieces: Buffer[] = [];
  #at = 0;

  constructor(names: readonly string[]) {
    for (const name of names) {
      this.#names.set(name, this.#at);
      this.add(Buffer.alloc(6), u16(name.length), utf16(`${name}\0`));
    }
  }

  get end(): number {
    return this.#at;
  }

  add(...pieces: Buffer[]): this {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#at += piece.length;
    }
    return this;
  }

  name = (name: string) => u32(this.#names.get(name)!);

  /** A start tag; in templates it has a dependency. */
  open(name: string, { inTemplate = false } = {}): this {
    const dependency = inTemplate ? [u16(0xffff)] : [];
    return this.add(Buffer.of(1), ...dependency, u32(0), this.name(name), Buffer.of(2));
  }

  text = (text: string) => this.add(Buffer.of(5, 1), u16(text.length), utf16(text));

  close = () => this.add(Buffer.of(4));

  bytes = () => Uint8Array.from(Buffer.concat(this.#pieces));
}

const names = ['Event', 'System', 'Provider', 'Name', 'EventID', 'EventData', 'Data', 'amp', 'note'];

function documentOf(tokens: Tokens, start: number): EventDocument {
  const bytes = tokens.bytes();
  const limit = new WorkLimit(100_000);
  const xml = new ChunkXml(bytes, limit);
  return new EventDocument(xml, xml.readFragment(start, bytes.length), limit);
}

/** The system part that every event needs, then the data that `write` adds. */
function eventWith(write: (tokens: Tokens) => void) {
  const tokens = new Tokens(names);
  const start = tokens.end;
  tokens
    .add(Buffer.of(0x0f, 1, 1, 0))
    .open('Event')
    .open('System');
  tokens.add(Buffer.of(0x41), u32(0), tokens.name('Provider'), u32(0));
  tokens.add(Buffer.of(6), tokens.name('Name')).text('Lab').add(Buffer.of(3));
  tokens.open('EventID').text('7').close().close();
  write(tokens);
  return documentOf(tokens.close().add(Buffer.of(0)), start);
}

test('texts, references, character data and instructions stand for their characters', () => {
  const event = eventWith(tokens => {
    tokens.open('EventData').open('Data').text('a ');
    tokens.add(Buffer.of(9), tokens.name('amp'));
    tokens.add(Buffer.of(8), u16(0x42)).add(Buffer.of(7), u16(2), utf16(' c'));
    tokens.add(Buffer.of(0x0a), tokens.name('note')).add(Buffer.of(0x0b), u16(2), utf16('no'));
    tokens.close().close();
  });
  assert.partialDeepStrictEqual(event.readSystem(), { provider: 'Lab', eventId: 7, eventSource: null });
  assert.deepEqual(event.readData(), [{ name: null, value: 'a &B c' }]);
});

test('an element outside of a template has no dependency field, one inside of it has', () => {
  for (const inTemplate of [false, true]) {
    const tokens = new Tokens(names);
    const start = tokens.end;
    if (inTemplate) {
      const definition = Buffer.concat([Buffer.alloc(20), u32(200)]);
      tokens.add(Buffer.of(0x0c, 1), u32(0), u32(start + 10), definition);
    }
    tokens.open('Event', { inTemplate }).open('Data', { inTemplate }).text('x').close().close();
    tokens.add(Buffer.alloc(200));
    const xml = new ChunkXml(tokens.bytes(), new WorkLimit(100_000));
    const { element } = xml.readFragment(start, inTemplate ? start + 250 : tokens.end);
    assert.equal(element.name, 'Event');
    assert.equal(element.content[0]?.kind === 'element' && element.content[0].element.name, 'Data');
  }
});

test('what is no XML, ends early or nests too deep is refused', () => {
  const refuse = (write: (tokens: Tokens) => void) => {
    const tokens = new Tokens(names);
    const start = tokens.end;
    write(tokens);
    const bytes = tokens.bytes();
    assert.throws(
      () => new ChunkXml(bytes, new WorkLimit(100_000)).readFragment(start, bytes.length),
      BrokenXml,
    );
  };
  refuse(tokens => tokens.add(Buffer.of(0x0d, 0, 0, 1)));
  refuse(tokens => tokens.open('Event'));
  refuse(tokens => tokens.open('Event').open('Data').text('x').close());
  refuse(tokens => tokens.add(Buffer.of(1), u32(0), u32(0x7fffffff), Buffer.of(2)));
  refuse(tokens => {
    tokens.add(Buffer.of(0x0f, 1, 1, 0));
    for (let depth = 0; depth < 40; depth++) tokens.open('Data');
  });
  // A template that names itself.
  refuse(tokens => {
    const at = tokens.end;
    tokens.add(Buffer.of(0x0c, 1), u32(0), u32(at + 10), u32(0), Buffer.alloc(16), u32(40));
    tokens.open('Event', { inTemplate: true }).add(Buffer.of(0x0c, 1), u32(0), u32(at + 10));
  });
});

test('an event without a provider or a number is refused', () => {
  const tokens = new Tokens(names);
  const start = tokens.end;
  tokens
    .add(Buffer.of(0x0f, 1, 1, 0))
    .open('Event')
    .open('System')
    .close()
    .close();
  assert.throws(() => documentOf(tokens, start).readSystem(), BrokenXml);
});

test('values of every type become text', () => {
  const cases: [number, string, string[]][] = [
    [0x00, '', ['']],
    [0x01, '610062000000', ['ab']],
    [0x02, '414200', ['AB']],
    [0x03, 'ff', ['-1']],
    [0x04, 'ff', ['255']],
    [0x05, 'feff', ['-2']],
    [0x06, 'feff', ['65534']],
    [0x07, '22090f80', ['-2146498270']],
    [0x08, '22090f80', ['2148469026']],
    [0x09, 'ffffffffffffffff', ['-1']],
    [0x0a, 'ffffffffffffffff', ['18446744073709551615']],
    [0x0b, '0000c03f', ['1.5']],
    [0x0c, '000000000000f83f', ['1.5']],
    [0x0d, '01000000', ['true']],
    [0x0e, 'dead', ['dead']],
    [0x0f, '3a3b1c330520c244ac5e77220c37d6b4', ['{331C3B3A-2005-44C2-AC5E-77220C37D6B4}']],
    [0x10, '10000000', ['0x10']],
    [0x10, '1000000000000000', ['0x10']],
    [0x11, '00d6166291d9da01', ['2024-07-19T04:09:00.000Z']],
    [0x12, 'dc070400050006000d003b000d001d00', ['2012-04-06T13:59:13.029']],
    [0x13, '010100000000000512000000', ['S-1-5-18']],
    [0x14, '22090f80', ['0x800f0922']],
    [0x15, '78563412020000f8', ['0xf800000212345678']],
    [0x81, '6100000062000000', ['a', 'b']],
    [0x81, '610000000000', ['a', '']],
    [0x86, '01000200', ['1', '2']],
    [0x8e, 'dead', ['dead']],
    // Too short for its type.
    [0x08, '0102', ['0102']],
    [0x13, '0105', ['0105']],
  ];
  for (const [type, digits, texts] of cases) {
    const bytes = Uint8Array.from(Buffer.from(digits, 'hex'));
    assert.deepEqual(textsOfValue(type, bytes), texts, `type ${type}`);
  }
});
