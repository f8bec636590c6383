import { after } from 'node:test';
import { Access } from '../../server/features/access/access.ts';
import { consoleRoutes } from '../../server/features/access/access-routes.ts';
import { ApiTokens } from '../../server/features/access/api-tokens.ts';
import { People } from '../../server/features/access/people.ts';
import { AuditLog } from '../../server/features/audit/audit-log.ts';
import { browserSessions } from '../../server/http/browser-session.ts';
import { createConsoleApp } from '../../server/http/console-app.ts';
import { EventStream } from '../../server/http/event-stream.ts';
import { healthRoutes } from '../../server/http/health-routes.ts';
import { openListener } from '../../server/http/listener.ts';
import type { PublicPlace } from '../../server/http/public-place.ts';
import { withDatabase } from './database.ts';
import { silentLog } from './silent-log.ts';

/** A console listener over a database of its own, with signing in and nothing else. */
export async function openConsoleListener(
  options: {
    readonly filesDir?: string;
    readonly now?: () => Date;
    readonly publicPlace?: PublicPlace;
    readonly trustedProxies?: readonly string[];
  } = {},
) {
  const { now = () => new Date(), publicPlace, trustedProxies } = options;
  const { database } = await withDatabase();
  const audit = new AuditLog(now);
  const access = new Access({ database, audit, organizationId: 'default', now });
  const apiTokens = new ApiTokens({ database, audit, organizationId: 'default', now });
  const events = new EventStream<{ n: number }>(2);
  const sessions = browserSessions({ database, secret: 'only a test', secure: false, publicPlace });
  const app = createConsoleApp({
    routes: [
      consoleRoutes({ access, apiTokens, people: new People({ database, audit, access, clock: now }) }),
      (request, response, next) => {
        if (request.path === '/api/events') events.handler(request, response, next);
        else next();
      },
    ],
    sessions: sessions.handler,
    findToken: apiTokens.find,
    health: healthRoutes('0.0.0', { database: () => database.query('select 1') }),
    filesDir: options.filesDir,
    secure: false,
    hostNames: new Set(['127.0.0.1']),
    publicPlace,
    ...(trustedProxies && { trustedProxies }),
    log: silentLog,
  });
  const limits = { maxConnections: 100, requestTimeoutMs: 30_000 };
  const listener = await openListener({ app, address: '127.0.0.1', port: 0, ...limits });
  after(async () => {
    events.close();
    await listener.stop(0);
    await sessions.close();
  });
  return { url: listener.url, port: listener.port, database, access, audit, events };
}

/** A browser as far as the console can tell: it keeps cookies and says where its requests come from. */
export class Browser {
  readonly #url: string;
  #cookie: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get cookie(): string | undefined {
    return this.#cookie;
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(this.#cookie !== undefined && { cookie: this.#cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0];
    const text = await response.text();
    const json = text === '' ? undefined : (JSON.parse(text) as { error?: { code: string; role?: string } });
    return {
      status: response.status,
      code: json?.error?.code,
      json,
      setCookie: cookie,
      headers: response.headers,
    };
  }
}
