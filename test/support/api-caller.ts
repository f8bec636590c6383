import { type Endpoint, addressOf } from '../../shared/api/endpoint.ts';

/** What is said to an endpoint, whatever its types. */
export interface Saying {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: unknown;
}

/** Calls an endpoint as a program does: with a token, or with nothing. */
export async function callByToken(
  url: string,
  secret: string | undefined,
  endpoint: Endpoint,
  saying: Saying = {},
): Promise<{ status: number; json: unknown; code: string | undefined; role: string | undefined }> {
  const response = await fetch(url + addressOf(endpoint, saying), {
    method: endpoint.method,
    headers: {
      ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
      ...(saying.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(saying.body !== undefined && { body: JSON.stringify(saying.body) }),
  });
  if (endpoint.answer === 'events' && response.ok) {
    await response.body?.cancel();
    return { status: response.status, json: undefined, code: undefined, role: undefined };
  }
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const json: unknown = isJson ? JSON.parse(text) : undefined;
  const error = (json as { error?: { code?: string; role?: string } } | undefined)?.error;
  return { status: response.status, json, code: error?.code, role: error?.role };
}
