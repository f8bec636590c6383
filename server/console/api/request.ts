import type * as z from 'zod/mini';
import { problem } from '../../../shared/api/problem.ts';

/** Why a request gave no answer that can be used. */
export class ApiError extends Error {
  /** `refused`: the server said no, with a code. `unreachable`: nobody answered. `unreadable`: the answer makes no sense. */
  readonly kind: 'refused' | 'unreachable' | 'unreadable';
  readonly code: string;
  readonly status: number;
  /** The role that may do this, when a permission was missing. */
  readonly role: string | undefined;

  constructor(
    kind: ApiError['kind'],
    details: { code: string; message: string; status?: number; role?: string | undefined; cause?: unknown },
  ) {
    super(details.message, { cause: details.cause });
    this.kind = kind;
    this.code = details.code;
    this.status = details.status ?? 0;
    this.role = details.role;
  }
}

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the server and gives an answer that fits the schema; everything else is an `ApiError`. */
export async function request<Schema extends z.ZodMiniType>(
  schema: Schema,
  path: string,
  options: RequestOptions = {},
): Promise<z.infer<Schema>> {
  const response = await send(path, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new ApiError('unreadable', {
    code: 'unreadable-answer',
    message: `The server answered ${path} in a form this page does not know (at ${where === '' ? 'the top' : where}). Reload the page: console and server may be of different versions.`,
    status: response.status,
  });
}

/** Asks the server for something whose answer does not matter beyond success. */
export async function command(path: string, options: RequestOptions): Promise<void> {
  const response = await send(path, options);
  if (response.ok) return;
  throw refusal(response.status, await response.json().catch(() => undefined));
}

async function send(path: string, { method = 'GET', body, signal }: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('unreachable', {
      code: 'server-unreachable',
      message: 'The server does not answer.',
      cause,
    });
  }
}

function refusal(status: number, body: unknown): ApiError {
  const parsed = problem.safeParse(body);
  if (parsed.success) return new ApiError('refused', { ...parsed.data.error, status });
  const [code, message] =
    status >= 500
      ? ['server-failed', 'The server failed while it answered.']
      : ['refused', `The server refused the request (${status}).`];
  return new ApiError('refused', { code, message, status });
}
