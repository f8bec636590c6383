import type * as z from 'zod/mini';
import type { Role } from './session.ts';

type Schema = z.ZodMiniType;

/**
 * One thing the server does for people: the server routes by it and checks what comes in, the console calls by it and
 * checks what comes back, and the document of the API is made from it.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the place where the console is served, with names: `/api/incidents/:incidentId`. */
  readonly path: string;
  /** The role it needs; `anyone` needs no sign-in. */
  readonly role: Role | 'anyone';
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly query?: Schema;
  readonly body?: Schema;
  /** Status when it went well. */
  readonly status: 200 | 201 | 202 | 204;
  /** JSON that fits a schema, a file, a stream of events, or nothing. */
  readonly answer: Schema | 'file' | 'events' | 'nothing';
}

/** Keeps what an endpoint says as its type. */
export const endpoint = <const One extends Endpoint>(one: One): One => one;

type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** The names in the path with their values. */
export type ParamsOf<One extends Endpoint> = { readonly [Name in NamesIn<One['path']>]: string };
export type QueryOf<One extends Endpoint> = One extends { query: infer Query extends Schema }
  ? z.infer<Query>
  : undefined;
export type BodyOf<One extends Endpoint> = One extends { body: infer Body extends Schema }
  ? z.infer<Body>
  : undefined;
export type AnswerOf<One extends Endpoint> = One['answer'] extends infer Answer extends Schema
  ? z.infer<Answer>
  : void;

/** What a caller says: values for the names in the path, query and body, each where the endpoint has them. */
export type Asking<One extends Endpoint> = (NamesIn<One['path']> extends never
  ? { readonly params?: undefined }
  : { readonly params: ParamsOf<One> }) & {
  readonly query?: One extends { query: Schema } ? QueryOf<One> : undefined;
} & (One extends { body: Schema } ? { readonly body: BodyOf<One> } : { readonly body?: undefined });

/** The address of a call, below the place where the console is served. */
export function addressOf(
  { path }: Endpoint,
  {
    params = {},
    query = {},
  }: {
    readonly params?: Readonly<Record<string, string>> | undefined;
    readonly query?: object | undefined;
  },
): string {
  const place = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const told = Object.entries(query).filter(([, value]) => value !== undefined);
  if (told.length === 0) return place;
  const search = told.map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${place}?${search.join('&')}`;
}
