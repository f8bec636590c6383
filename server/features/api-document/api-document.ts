import * as z from 'zod/mini';
import type { ApiDocument } from '../../../shared/api/api-document.ts';
import type { Endpoint } from '../../../shared/api/endpoint.ts';
import { problem } from '../../../shared/api/problem.ts';

type Json = Readonly<Record<string, unknown>>;
type Schema = z.ZodMiniType;

export interface EndpointGroup {
  readonly name: string;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
}

const description = `Everything the console does. Programs send \`Authorization: Bearer\` and an API token, which an admin makes at System, Tokens; browsers use the session cookie. Times are ISO instants in UTC. A refused request has the body \`Problem\`, whose \`code\` is stable.`;

/**
 * The OpenAPI 3.1 document of these endpoints, made from the very schemas by which the server checks requests and the
 * console answers. Schemas that several endpoints share, or that have parts of their own, stand once under components.
 */
export function apiDocumentOf(groups: readonly EndpointGroup[], version: string): ApiDocument {
  const names = nameSchemas(groups);
  const shape = shapesOf(names);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { name: tag, endpoints } of groups)
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
      (paths[path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint, tag, name, shape);
    }
  return {
    openapi: '3.1.0',
    info: { title: 'Bootmend', version, description },
    tags: groups.map(({ name }) => ({ name })),
    paths,
    components: {
      schemas: shape.components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationOf(endpoint: Endpoint, tag: string, name: string, shape: Shapes): Json {
  const { role, summary, query, body, status, answer } = endpoint;
  const params = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, param]) => ({
    name: param,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: operationIdOf(tag, name),
    tags: [tag],
    summary,
    ...(role === 'anyone' ? { security: [] } : { security: [{ token: [] }], 'x-role': role }),
    parameters: [...params, ...(query ? queryOf(shape.inline(query)) : [])],
    ...(body && { requestBody: { required: true, content: jsonOf(shape.refer(body)) } }),
    responses: {
      [status]: { description: summary, ...contentOf(answer, shape) },
      default: { description: 'Refused, and why.', content: jsonOf(shape.refer(problem)) },
    },
  };
}

/** `listIncidents`-like names are what generators of clients call their functions. */
const operationIdOf = (tag: string, name: string): string => {
  const [first = '', ...rest] = `${tag} ${name}`.split(/[ -]/);
  return first.toLowerCase() + rest.map(part => part.charAt(0).toUpperCase() + part.slice(1)).join('');
};

const jsonOf = (schema: Json): Json => ({ 'application/json': { schema } });

function contentOf(answer: Endpoint['answer'], shape: Shapes): Json {
  if (answer === 'nothing') return {};
  if (answer === 'file') return { content: { 'application/octet-stream': {} } };
  if (answer === 'events') return { content: { 'text/event-stream': { schema: { type: 'string' } } } };
  return { content: jsonOf(shape.refer(answer)) };
}

function queryOf(schema: Json): Json[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: one,
  }));
}

/** Every body and answer has a name: that of its endpoint. */
function nameSchemas(groups: readonly EndpointGroup[]): ReadonlyMap<Schema, string> {
  const names = new Map<Schema, string>([[problem, 'Problem']]);
  const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  for (const { name: tag, endpoints } of groups)
    for (const [name, { body, answer }] of Object.entries(endpoints)) {
      const id = upper(operationIdOf(tag, name));
      if (body && !names.has(body)) names.set(body, `${id}Request`);
      if (typeof answer !== 'string' && !names.has(answer)) names.set(answer, `${id}Answer`);
    }
  return names;
}

interface Shapes {
  readonly components: Record<string, Json>;
  /** A reference to a named schema. */
  refer(schema: Schema): Json;
  /** The schema itself. */
  inline(schema: Schema): Json;
}

function shapesOf(names: ReadonlyMap<Schema, string>): Shapes {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names) registry.add(schema, { id });
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { uri, io: 'input' });
  const components = Object.fromEntries(Object.entries(schemas).map(([id, one]) => [id, plain(one)]));
  return {
    components,
    refer(schema) {
      const id = names.get(schema);
      if (id === undefined) throw new Error('A schema of the API has no name.');
      return { $ref: uri(id) };
    },
    inline: schema => plain(z.toJSONSchema(schema, { io: 'input' })),
  };
}

/** Without what says nothing to a reader: where a schema came from, the limits of numbers in JSON, patterns of formats. */
function plain(schema: object): Json {
  const told = Object.entries(schema).filter(
    ([name, value]) =>
      name !== '$schema' &&
      name !== '$id' &&
      !(name === 'pattern' && 'format' in schema) &&
      Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER,
  );
  return Object.fromEntries(told.map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  return typeof value === 'object' && value !== null ? plain(value) : value;
}
