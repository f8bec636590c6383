import { type AnswerOf, type Asking, type Endpoint, addressOf } from '../../../shared/api/endpoint.ts';
import { problem } from '../../../shared/api/problem.ts';
import { here } from './place.ts';

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

/** Asks the server what an endpoint is for, and gives an answer that fits it; everything else is an `ApiError`. */
export async function call<One extends Endpoint>(
  endpoint: One,
  ...[asking]: Record<string, never> extends Asking<One>
    ? [(Asking<One> & Aborting)?]
    : [Asking<One> & Aborting]
): Promise<AnswerOf<One>> {
  const address = addressOf(endpoint, asking ?? {});
  const response = await send(endpoint.method, here(address), asking?.body, asking?.signal);
  if (!response.ok) throw refusal(response.status, await bodyOf(response));
  if (typeof endpoint.answer === 'string') return undefined as AnswerOf<One>;
  const parsed = endpoint.answer.safeParse(await bodyOf(response));
  if (parsed.success) return parsed.data as AnswerOf<One>;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new ApiError('unreadable', {
    code: 'unreadable-answer',
    message: `The server answered ${address} in a form this page does not know (at ${where === '' ? 'the top' : where}). Reload the page: console and server may be of different versions.`,
    status: response.status,
  });
}

interface Aborting {
  readonly signal?: AbortSignal;
}

const bodyOf = (response: Response): Promise<unknown> => response.json().catch(() => undefined);

async function send(
  method: Endpoint['method'],
  address: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(address, {
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
