import type { Request } from 'express';
import type * as z from 'zod/mini';
import { type Parsed, parseWith } from '../../shared/wire/primitives.ts';
import { Refusal } from './refusal.ts';

/** The value of a message that fits; refuses the request otherwise, naming the place. */
export function parsedOr<Message>(parsed: Parsed<Message>): Message {
  if (parsed.ok) return parsed.value;
  const { code, message, path } = parsed.problem;
  throw new Refusal(code, message, { path });
}

/** The body of a request of the console, as its schema says. */
export function bodyOf<Schema extends z.ZodMiniType>(request: Request, schema: Schema): z.infer<Schema> {
  return parsedOr(parseWith(schema, request.body));
}

/** The query of a request of the console, as its schema says; a name told twice fits no schema. */
export function queryOf<Schema extends z.ZodMiniType>(request: Request, schema: Schema): z.infer<Schema> {
  return parsedOr(parseWith(schema, request.query));
}
