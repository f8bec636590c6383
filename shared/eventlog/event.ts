import { printable } from '../bytes/printable.ts';
import type { EventHead, EventValue } from './event-log.ts';
import { valueType } from './layout.ts';
import { BrokenXml, type ChunkXml, type TemplateInstance } from './template.ts';
import type { TemplatePart, TemplateValue } from './template.ts';
import { textsOfValue } from './value-text.ts';
import type { WorkLimit } from './work-limit.ts';

const maxDataValues = 128;
const maxTextLength = 8192;
const maxDataDepth = 4;
const maxNesting = 16;

/** The rest of the system part of an event. */
export interface EventSystem extends EventHead {
  readonly eventSource: string | null;
  readonly level: number | null;
  readonly createdAt: string | null;
  readonly computer: string | null;
}

/** One event, read from its template and values only as far as it is asked. */
export class EventDocument {
  readonly #xml: ChunkXml;
  readonly #limit: WorkLimit;
  readonly #root: TemplateInstance;

  constructor(xml: ChunkXml, root: TemplateInstance, limit: WorkLimit) {
    this.#xml = xml;
    this.#root = root;
    this.#limit = limit;
  }

  readSystem(): EventSystem {
    const system = this.#children(this.#root, 0).find(one => one.element.name === 'System');
    if (!system) throw new BrokenXml('the event has no System part', 0);
    const fields = new Map<string, TemplateInstance>();
    for (const child of this.#children(system, 0)) {
      if (!fields.has(child.element.name)) fields.set(child.element.name, child);
    }
    const field = (name: string) => fields.get(name);
    const text = (name: string) => this.#textOfContent(field(name));
    const provider = this.#attribute(field('Provider'), 'Name');
    const eventId = numberOf(text('EventID'));
    if (provider === undefined || eventId === null) {
      throw new BrokenXml('the event names no provider or has no number', 0);
    }
    return {
      provider,
      eventId,
      eventSource: this.#attribute(field('Provider'), 'EventSourceName') || null,
      level: numberOf(text('Level')),
      createdAt: instantOf(this.#attribute(field('TimeCreated'), 'SystemTime')),
      computer: text('Computer') || null,
    };
  }

  readData(): EventValue[] {
    const values: EventValue[] = [];
    for (const part of this.#children(this.#root, 0)) {
      if (part.element.name === 'System') continue;
      for (const child of this.#children(part, 0)) this.#collect(child, values, 0);
    }
    return values;
  }

  /** Data of events has a name as attribute or none; what programs define themselves has names as elements. */
  #collect(node: TemplateInstance, values: EventValue[], depth: number): void {
    if (values.length >= maxDataValues) return;
    const nested = depth < maxDataDepth ? this.#children(node, 0) : [];
    if (nested.length > 0) {
      for (const child of nested) this.#collect(child, values, depth + 1);
      return;
    }
    const isData = node.element.name === 'Data' || node.element.name === 'ComplexData';
    const name = isData ? (this.#attribute(node, 'Name') ?? null) : node.element.name;
    for (const value of this.#textsOfContent(node)) {
      if (values.length < maxDataValues) values.push({ name, value });
    }
  }

  /** Elements inside of an element, those in nested values too. */
  #children(node: TemplateInstance, depth: number): TemplateInstance[] {
    if (depth > maxNesting) throw new BrokenXml(`values are nested deeper than ${maxNesting}`, 0);
    return node.element.content.flatMap(part => {
      this.#limit.spend(1);
      if (part.kind === 'element') return [{ element: part.element, values: node.values }];
      if (part.kind === 'instance') return [part.instance];
      const value = part.kind === 'value' ? node.values[part.index] : undefined;
      if (value?.type !== valueType.binaryXml || value.sizeBytes === 0) return [];
      this.#limit.spend(value.sizeBytes);
      return [this.#xml.readFragment(value.at, value.at + value.sizeBytes)];
    });
  }

  #attribute(node: TemplateInstance | undefined, name: string): string | undefined {
    const attribute = node?.element.attributes.find(one => one.name === name);
    return attribute && this.#join(attribute.parts, node!.values);
  }

  #textOfContent(node: TemplateInstance | undefined): string {
    return node ? this.#join(node.element.content, node.values) : '';
  }

  /**
   * An element whose only content is an array stands for as many elements as the array has items, and one whose only
   * content is an optional value that is not there for none.
   */
  #textsOfContent(node: TemplateInstance): string[] {
    const [only, ...more] = node.element.content;
    if (only?.kind !== 'value' || more.length > 0) return [this.#textOfContent(node)];
    const value = node.values[only.index];
    if (only.isOptional && value?.type === valueType.nothing) return [];
    return this.#textsOf(value).map(tidy);
  }

  #join(parts: readonly TemplatePart[], values: readonly TemplateValue[]): string {
    const texts = parts.flatMap(part => {
      this.#limit.spend(1);
      if (part.kind === 'text') return [part.text];
      return part.kind === 'value' ? this.#textsOf(values[part.index]) : [];
    });
    return tidy(texts.join(''));
  }

  #textsOf(value: TemplateValue | undefined): string[] {
    if (!value) return [''];
    this.#limit.spend(1 + value.sizeBytes);
    const bytes = this.#xml.bytes.subarray(value.at, value.at + value.sizeBytes);
    return textsOfValue(value.type, bytes);
  }
}

/** Collected events of other machines have their time as text, with seven or more digits after the point. */
function instantOf(text: string | undefined): string | null {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text ?? '');
  return found ? `${found[1]}.${(found[2] ?? '').padEnd(3, '0').slice(0, 3)}Z` : null;
}

const numberOf = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

/** Windows puts direction marks around the parts of a date and lines into lists; one line of plain text is kept. */
const tidy = (text: string): string =>
  printable(
    text
      .slice(0, maxTextLength)
      .replaceAll(/[\u200e\u200f]/g, '')
      .replaceAll(/[\r\n\t]+/g, ' '),
  ).trim();
