/** A start or end tag; attributes with their references to the five characters of XML resolved. */
export type XmlTag =
  | {
      readonly kind: 'start';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly isEmpty: boolean;
      readonly at: number;
    }
  | { readonly kind: 'end'; readonly name: string; readonly at: number }
  | { readonly kind: 'declaration'; readonly at: number }
  | { readonly kind: 'broken'; readonly at: number };

const maxTagLength = 64 * 1024;
const maxAttributes = 64;

const tagName = /^([A-Za-z_][\w.:-]{0,127})/;
const attribute = /\s([A-Za-z_][\w.:-]{0,127})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The tags of XML in order, without text, comments and instructions. Nothing is expanded: a document type declaration,
 * the only home of entities, is given as `declaration` and ends the scan; so does a tag that has no end.
 */
export function* xmlTagsOf(text: string): Generator<XmlTag> {
  for (let at = text.indexOf('<'); at >= 0;) {
    const skip = skippedAt(text, at);
    if (skip) {
      const end = text.indexOf(skip.end, at + skip.begin.length);
      if (end < 0) {
        yield { kind: 'broken', at };
        return;
      }
      at = text.indexOf('<', end + skip.end.length);
      continue;
    }
    if (text.startsWith('<!', at)) {
      yield { kind: 'declaration', at };
      return;
    }
    const end = endOfTag(text, at);
    const tag = end === undefined ? undefined : tagOf(text.slice(at + 1, end), at);
    if (end === undefined || !tag) {
      yield { kind: 'broken', at };
      return;
    }
    yield tag;
    at = text.indexOf('<', end + 1);
  }
}

const skipped = [
  { begin: '<!--', end: '-->' },
  { begin: '<?', end: '?>' },
  { begin: '<![CDATA[', end: ']]>' },
];

const skippedAt = (text: string, at: number) => skipped.find(one => text.startsWith(one.begin, at));

/** The `>` that ends a tag; those inside of quotes do not. */
function endOfTag(text: string, at: number): number | undefined {
  let quote = '';
  const last = Math.min(text.length, at + maxTagLength);
  for (let next = at + 1; next < last; next++) {
    const character = text[next]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return next;
  }
  return undefined;
}

function tagOf(inside: string, at: number): XmlTag | undefined {
  const isEnd = inside.startsWith('/');
  const name = tagName.exec(isEnd ? inside.slice(1) : inside)?.[1];
  if (name === undefined) return undefined;
  if (isEnd) return { kind: 'end', name, at };
  const attributes = new Map<string, string>();
  for (const [, key, double, single] of inside.matchAll(attribute)) {
    if (attributes.size >= maxAttributes) break;
    attributes.set(key!, resolve(double ?? single ?? ''));
  }
  return { kind: 'start', name, attributes, isEmpty: inside.endsWith('/'), at };
}

const resolve = (value: string) =>
  value.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name: string) => {
    if (name !== undefined) return characters[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
