type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON schema as a reader of code would write it down: members with their types, `?` for what may be missing. */
export function schemaText(schema: unknown, indent = ''): string {
  if (!isJson(schema)) return 'anything';
  const reference = schema['$ref'];
  if (typeof reference === 'string') return reference.slice(reference.lastIndexOf('/') + 1);
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(value => JSON.stringify(value)).join(' | ');
  for (const way of ['anyOf', 'oneOf', 'allOf'])
    if (Array.isArray(schema[way]))
      return schema[way].map(one => schemaText(one, indent)).join(way === 'allOf' ? ' & ' : ' | ');
  switch (schema['type']) {
    case 'object':
      return objectText(schema, indent);
    case 'array': {
      const item = schemaText(schema['items'], indent);
      return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
    }
    case 'string':
      return schema['format'] === 'date-time' ? 'instant' : 'string';
    case 'integer':
      return 'whole number';
    case undefined:
      return 'anything';
    default:
      return String(schema['type']);
  }
}

function objectText(schema: Json, indent: string): string {
  const properties = isJson(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(
    ([name, one]) => `${inner}${name}${required.includes(name) ? '' : '?'}: ${schemaText(one, inner)}`,
  );
  const rest = schema['additionalProperties'];
  if (isJson(rest) && Object.keys(rest).length > 0)
    members.push(`${inner}[${keyText(schema['propertyNames'])}]: ${schemaText(rest, inner)}`);
  return members.length === 0 ? '{ … }' : `{\n${members.join('\n')}\n${indent}}`;
}

const keyText = (names: unknown): string =>
  isJson(names) && Array.isArray(names['enum']) ? names['enum'].join(' | ') : 'name';
