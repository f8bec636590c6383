import { printable } from '../bytes/printable.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { token } from './layout.ts';
import type { WorkLimit } from './work-limit.ts';

/** A piece of text in an element or attribute: fixed, or to be filled from the values of a record. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly index: number; readonly isOptional: boolean }
  | { readonly kind: 'element'; readonly element: TemplateElement }
  | { readonly kind: 'instance'; readonly instance: TemplateInstance };

export interface TemplateElement {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly parts: readonly TemplatePart[] }[];
  readonly content: readonly TemplatePart[];
}

/** A value of a record: its type and where its bytes lie in the chunk. */
export interface TemplateValue {
  readonly type: number;
  readonly at: number;
  readonly sizeBytes: number;
}

/** A template with the values that fill it. */
export interface TemplateInstance {
  readonly element: TemplateElement;
  readonly values: readonly TemplateValue[];
}

/** Binary XML that cannot be read; caught where records are read, so that it never leaves the room. */
export class BrokenXml extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const maxDepth = 32;
const maxValues = 1024;
const noValues: readonly TemplateValue[] = [];
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads binary XML inside one chunk; names and templates are given by their offset in it and are read once. */
export class ChunkXml {
  readonly limit: WorkLimit;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names = new Map<number, { text: string; sizeBytes: number }>();
  readonly #templates = new Map<number, { element: TemplateElement; sizeBytes: number }>();

  constructor(bytes: Uint8Array, limit: WorkLimit) {
    this.#bytes = bytes;
    this.limit = limit;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The XML of a record or of a nested value: a template with values, or a bare element. */
  readFragment(at: number, end: number): TemplateInstance {
    return new FragmentReader(this, at, end, 0).readFragment();
  }

  u8(at: number, end: number): number {
    if (at < 0 || at + 1 > Math.min(end, this.#bytes.length)) throw new BrokenXml('the text ends early', at);
    return this.#bytes[at]!;
  }

  u16(at: number, end: number): number {
    if (at < 0 || at + 2 > Math.min(end, this.#bytes.length)) throw new BrokenXml('the text ends early', at);
    return this.#view.getUint16(at, true);
  }

  u32(at: number, end: number): number {
    if (at < 0 || at + 4 > Math.min(end, this.#bytes.length)) throw new BrokenXml('the text ends early', at);
    return this.#view.getUint32(at, true);
  }

  text(at: number, characters: number, end: number): string {
    if (at + characters * 2 > Math.min(end, this.#bytes.length)) throw new BrokenXml('a text ends early', at);
    this.limit.spend(characters * 2);
    return textOfUtf16(this.#bytes.subarray(at, at + characters * 2));
  }

  /** A name: next name in its hash bucket (4), hash (2), characters (2), text, one NUL. */
  nameAt(offset: number): { text: string; sizeBytes: number } {
    const known = this.#names.get(offset);
    if (known) return known;
    const characters = this.u16(offset + 6, this.#bytes.length);
    const name = {
      text: this.text(offset + 8, characters, this.#bytes.length),
      sizeBytes: 8 + characters * 2 + 2,
    };
    this.#names.set(offset, name);
    return name;
  }

  /** A template: next template in its bucket (4), GUID (16), size of what follows (4), a fragment. */
  templateAt(offset: number, depth: number): { element: TemplateElement; sizeBytes: number } {
    const known = this.#templates.get(offset);
    if (known) return known;
    const size = this.u32(offset + 20, this.#bytes.length);
    const start = offset + 24;
    const reader = new FragmentReader(this, start, Math.min(start + size, this.#bytes.length), depth + 1);
    const template = { element: reader.readDefinition(), sizeBytes: 24 + size };
    this.#templates.set(offset, template);
    return template;
  }
}

/** Reads one stretch of tokens. */
class FragmentReader {
  readonly #chunk: ChunkXml;
  readonly #end: number;
  #at: number;
  #depth: number;
  /** Folklore: elements outside of a template have no dependency field, as in collected events of other machines. */
  #isBare = true;

  constructor(chunk: ChunkXml, at: number, end: number, depth: number) {
    this.#chunk = chunk;
    this.#at = at;
    this.#end = end;
    this.#depth = depth;
  }

  readFragment(): TemplateInstance {
    this.#skipHeader();
    const kind = this.#peek();
    if (kind === token.templateInstance) return this.#readInstance();
    if (kind === token.openElement) return { element: this.#readElement(), values: noValues };
    throw new BrokenXml(`token ${kind} begins no element`, this.#at);
  }

  readDefinition(): TemplateElement {
    this.#isBare = false;
    this.#skipHeader();
    return this.#readElement();
  }

  #peek(): number {
    return this.#chunk.u8(this.#at, this.#end) & 0x0f;
  }

  #skipHeader(): void {
    if (this.#peek() === token.fragmentHeader) this.#at += 4;
  }

  /** Token, version, template id (4), template offset (4), the template itself where it is first used, values. */
  #readInstance(): TemplateInstance {
    this.#deepen();
    const offset = this.#chunk.u32(this.#at + 6, this.#end);
    const template = this.#chunk.templateAt(offset, this.#depth);
    this.#at += 10;
    if (offset === this.#at) this.#at += template.sizeBytes;
    const values = this.#readValues();
    this.#depth--;
    return { element: template.element, values };
  }

  #readValues(): TemplateValue[] {
    const count = this.#chunk.u32(this.#at, this.#end);
    if (count > maxValues) throw new BrokenXml(`${count} values are more than ${maxValues}`, this.#at);
    this.#chunk.limit.spend(count);
    let descriptor = this.#at + 4;
    let at = descriptor + count * 4;
    const values: TemplateValue[] = [];
    for (let index = 0; index < count; index++, descriptor += 4) {
      const sizeBytes = this.#chunk.u16(descriptor, this.#end);
      const type = this.#chunk.u8(descriptor + 2, this.#end);
      if (at + sizeBytes > this.#end) throw new BrokenXml(`value ${index} ends past its record`, at);
      values.push({ type, at, sizeBytes });
      at += sizeBytes;
    }
    this.#at = at;
    return values;
  }

  /** Token, dependency (2), size (4), name, attributes, content. */
  #readElement(): TemplateElement {
    this.#deepen();
    const first = this.#chunk.u8(this.#at, this.#end);
    if ((first & 0x0f) !== token.openElement) throw new BrokenXml(`token ${first} is no element`, this.#at);
    this.#at += this.#isBare ? 5 : 7;
    const name = this.#readName();
    const attributes: { name: string; parts: readonly TemplatePart[] }[] = [];
    if (first & 0x40) {
      this.#at += 4;
      while (this.#peek() === token.attribute) {
        this.#at++;
        const attribute = this.#readName();
        attributes.push({ name: attribute, parts: this.#readParts() });
      }
    }
    const close = this.#peek();
    this.#at++;
    if (close !== token.closeStart && close !== token.closeEmpty) {
      throw new BrokenXml(
        `token ${close} does not close the start of <${printable(name.slice(0, 40))}>`,
        this.#at - 1,
      );
    }
    const content = close === token.closeStart ? this.#readParts() : [];
    if (close === token.closeStart) {
      if (this.#peek() !== token.endElement) {
        throw new BrokenXml(`<${printable(name.slice(0, 40))}> is not closed`, this.#at);
      }
      this.#at++;
    }
    this.#depth--;
    return { name, attributes, content };
  }

  /** A name stands in place where it is first used; later uses only point there. */
  #readName(): string {
    const offset = this.#chunk.u32(this.#at, this.#end);
    this.#at += 4;
    const name = this.#chunk.nameAt(offset);
    if (offset === this.#at) this.#at += name.sizeBytes;
    return name.text;
  }

  #readParts(): TemplatePart[] {
    const parts: TemplatePart[] = [];
    for (;;) {
      const part = this.#readPart();
      if (part === 'end') return parts;
      if (part) parts.push(part);
    }
  }

  #readPart(): TemplatePart | 'end' | undefined {
    const chunk = this.#chunk;
    const kind = this.#peek();
    chunk.limit.spend(1);
    switch (kind) {
      case token.text:
        return this.#readText(this.#at + 2);
      case token.characterData:
        return this.#readText(this.#at + 1);
      case token.instructionData:
        this.#readText(this.#at + 1);
        return undefined;
      case token.characterReference: {
        const text = String.fromCharCode(chunk.u16(this.#at + 1, this.#end));
        this.#at += 3;
        return { kind: 'text', text };
      }
      case token.entityReference: {
        this.#at++;
        return { kind: 'text', text: entities[this.#readName()] ?? '\ufffd' };
      }
      case token.instructionTarget:
        this.#at++;
        this.#readName();
        return undefined;
      case token.substitution:
      case token.optionalSubstitution: {
        const index = chunk.u16(this.#at + 1, this.#end);
        chunk.u8(this.#at + 3, this.#end);
        this.#at += 4;
        return { kind: 'value', index, isOptional: kind === token.optionalSubstitution };
      }
      case token.openElement:
        return { kind: 'element', element: this.#readElement() };
      case token.templateInstance:
        return { kind: 'instance', instance: this.#readInstance() };
      default:
        return 'end';
    }
  }

  #readText(at: number): TemplatePart {
    const characters = this.#chunk.u16(at, this.#end);
    const text = this.#chunk.text(at + 2, characters, this.#end);
    this.#at = at + 2 + characters * 2;
    return { kind: 'text', text };
  }

  #deepen(): void {
    if (++this.#depth > maxDepth)
      throw new BrokenXml(`elements are nested deeper than ${maxDepth}`, this.#at);
  }
}
