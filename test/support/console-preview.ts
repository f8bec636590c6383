import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pageAt } from '../../server/http/console-files.ts';
import type { IncidentDetail, IncidentRow, IncidentState } from '../../shared/api/incident.ts';
import type { Session } from '../../shared/api/session.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** As strict as the console can live with: the real server sends the same. */
export const consolePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A refusal that the preview answers instead of what was asked. */
export interface PreviewRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly role?: string;
}

/** Serves a built console, and fixtures as if they were the server's; a test changes its fields as it goes. */
export class ConsolePreview {
  rows: IncidentRow[] = [];
  details: IncidentDetail[] = [];
  session: Session | undefined = { name: 'ada', role: 'admin', expiresAt: '2030-01-01T00:00:00.000Z' };
  readonly accounts = new Map([['ada', 'correct horse battery']]);
  readonly links = new Set<string>();
  /** Answers every API request but the session with this. */
  refusal: PreviewRefusal | undefined;
  /** Leaves every API request but the session open, as a slow server does. */
  isSlow = false;
  /** Answers nothing at all, as a server that is away. */
  isAway = false;

  readonly #folder: string;
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts listening on a loopback port and gives the address. */
  async start(port = 0): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.cutStreams();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  /** Puts one row in, newest first, and tells every open page. */
  change(row: IncidentRow): void {
    this.rows = [row, ...this.rows.filter(({ incidentId }) => incidentId !== row.incidentId)].sort((a, b) =>
      b.changedAt.localeCompare(a.changedAt),
    );
    const event = { kind: 'incident', incidentId: row.incidentId, at: row.changedAt };
    for (const stream of this.#streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  cutStreams(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://preview');
    if (!url.pathname.startsWith('/api/')) return this.#sendFile(url.pathname, response);
    if (this.isAway) return void request.socket.destroy();
    if (url.pathname.startsWith('/api/session')) return this.#answerSession(url.pathname, request, response);
    if (this.session === undefined)
      return refuse(response, {
        status: 401,
        code: 'not-signed-in',
        message: 'Nobody is signed in here; sign in first.',
      });
    if (url.pathname === '/api/events') return this.#openStream(response);
    if (this.isSlow) return;
    if (this.refusal !== undefined) return refuse(response, this.refusal);
    if (url.pathname === '/api/incidents') return send(response, 200, this.#list(url.searchParams));
    const [, , , incidentId, evidence] = url.pathname.split('/');
    const detail = this.details.find(one => one.incident.incidentId === incidentId);
    if (detail === undefined)
      return refuse(response, { status: 404, code: 'not-found', message: 'There is no such incident.' });
    if (evidence === 'evidence') return void response.writeHead(200).end('bytes');
    send(response, 200, detail);
  }

  #list(query: URLSearchParams) {
    const states = query.get('state')?.split(',');
    const search = query.get('search')?.toLowerCase() ?? '';
    const fitting = this.rows.filter(
      row =>
        (states === undefined || states.includes(row.state)) &&
        [row.deviceName, row.code, row.cause, row.culprit, row.bugcheck?.code].some(text =>
          text?.toLowerCase().includes(search),
        ),
    );
    const start = Number(query.get('before') ?? 0);
    const end = start + Number(query.get('limit') ?? 50);
    const counts: Partial<Record<IncidentState, number>> = {};
    for (const { state } of this.rows) counts[state] = (counts[state] ?? 0) + 1;
    return {
      incidents: fitting.slice(start, end),
      ...(end < fitting.length ? { next: String(end) } : {}),
      counts: { ...noCounts, ...counts },
    };
  }

  async #answerSession(place: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      if (this.session !== undefined) return send(response, 200, this.session);
      return refuse(response, {
        status: 401,
        code: 'not-signed-in',
        message: 'Nobody is signed in here; sign in first.',
      });
    }
    const body = await readJson(request);
    if (request.method === 'DELETE') {
      this.session = undefined;
      return void response.writeHead(204).end();
    }
    if (place === '/api/session/link') {
      if (!this.links.delete(body['secret'] ?? ''))
        return refuse(response, {
          status: 410,
          code: 'link-expired',
          message: 'This link was used or is too old.',
        });
      this.#signIn(body['name'] ?? '');
    } else if (this.accounts.get(body['name'] ?? '') === body['password']) this.#signIn(body['name'] ?? '');
    else
      return refuse(response, {
        status: 401,
        code: 'wrong-name-or-password',
        message: 'Name or password is wrong.',
      });
    send(response, 201, this.session);
  }

  #signIn(name: string): void {
    this.session = { name, role: 'admin', expiresAt: '2030-01-01T00:00:00.000Z' };
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 2000\n\n');
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
  }

  #sendFile(place: string, response: ServerResponse): void {
    const file = place.startsWith('/assets/')
      ? path.join(this.#folder, path.posix.normalize(place))
      : undefined;
    const name = file ?? path.join(this.#folder, 'index.html');
    response.writeHead(200, {
      'content-type': types[path.extname(name)] ?? 'application/octet-stream',
      'content-security-policy': consolePolicy,
    });
    response.end(file === undefined ? pageAt(readFileSync(name, 'utf8'), '/') : readFileSync(name));
  }
}

const noCounts: Readonly<Record<IncidentState, number>> = {
  open: 0,
  unexplained: 0,
  matched: 0,
  'awaiting-person': 0,
  treating: 0,
  confirming: 0,
  healed: 0,
  'healed-by-hand': 0,
  'given-up': 0,
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, { status, ...error }: PreviewRefusal): void {
  send(response, status, { error });
}

async function readJson(request: IncomingMessage): Promise<Record<string, string | undefined>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}
