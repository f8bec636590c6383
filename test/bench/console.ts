import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readConfig } from '../../server/config.ts';
import { DeviceTally } from '../../server/features/devices/device-tally.ts';
import { ClosedTally } from '../../server/features/incidents/closed-tally.ts';
import { startServer } from '../../server/start.ts';
import { silentLog } from '../support/silent-log.ts';
import { storeIncidents } from '../support/stored-incidents.ts';
import type { Figure } from './figure.ts';
import { findParent, processorTimeMs } from './processor-time.ts';

const rounds = 40;
const limit = 200;

/** Every answer that a page of the console waits for, as the address says it. */
const answers: Readonly<Record<string, string>> = {
  now: '/api/now',
  'incidents-newest': '/api/incidents?limit=100',
  'incidents-one-state': '/api/incidents?limit=100&state=healed',
  'incidents-need-person': '/api/incidents?limit=100&state=unexplained,awaiting-person',
  'incidents-search-device': '/api/incidents?limit=100&search=0004711',
  'incidents-search-crash': '/api/incidents?limit=100&search=driver23.sys',
  'incidents-search-crash-down': '/api/incidents?limit=100&search=driver11&state=open',
  'incidents-search-nothing': '/api/incidents?limit=100&search=nothing%20like%20this',
  devices: '/api/devices',
  'devices-search': '/api/devices?search=0004711',
  'device-readiness': '/api/devices/readiness',
  audit: '/api/audit',
  'key-requests': '/api/recovery-keys/requests',
  'agent-releases': '/api/agent-releases',
};

/** `npm run bench -- console [100000|1000000]`: how long the console waits for each answer over that many incidents,
 * and how much processor time it takes. */
export async function* benchConsole(parts: readonly string[]): AsyncGenerator<Figure> {
  for (const size of parts.length === 0 ? ['100000'] : parts) yield* measure(Number(size));
}

async function* measure(incidents: number): AsyncGenerator<Figure> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bootmend-bench-'));
  const config = { ...readConfig({}), dataDir, consolePort: 0, devicePort: 0, deviceAddress: '127.0.0.1' };
  const server = await startServer({ ...config, buildConsole: false }, { log: silentLog });
  try {
    await storeIncidents(server.database, incidents, new Date());
    await new ClosedTally(server.database).count(new Date());
    await new DeviceTally(server.database).sum();
    const [backend] = await server.database.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = findParent(backend!.pid);
    const ask = await signedIn(server.consoleUrl, server.welcomeLink!.split('#')[1]!);
    const first = (await (await ask('/api/incidents?limit=100')).json()) as {
      next: string;
      incidents: { incidentId: string; deviceId: string }[];
    };
    const [one] = first.incidents;
    const all = {
      ...answers,
      'incidents-second-page': `/api/incidents?limit=100&before=${first.next}`,
      incident: `/api/incidents/${one!.incidentId}`,
      device: `/api/devices/${one!.deviceId}`,
    };
    for (const [name, address] of Object.entries(all)) {
      const times: number[] = [];
      const usedBefore = processorTimeMs(postmaster);
      for (let round = 0; round < rounds; round++) {
        const started = performance.now();
        const answer = await ask(address);
        await answer.arrayBuffer();
        if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}`);
        times.push(performance.now() - started);
      }
      times.sort((a, b) => a - b);
      const value = Math.round(times[Math.floor(rounds * 0.95)]! * 10) / 10;
      yield { figure: `${name}-p95-${incidents}`, value, unit: 'ms', limit };
      const usedMs = (processorTimeMs(postmaster) - usedBefore) / rounds;
      if (postmaster !== undefined)
        yield { figure: `${name}-processor-${incidents}`, value: Math.round(usedMs * 10) / 10, unit: 'ms' };
    }
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function signedIn(url: string, secret: string) {
  const made = await fetch(`${url}/api/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ secret, name: 'bench', password: 'long enough for a bench' }),
  });
  const cookie = made.headers.getSetCookie()[0]!.split(';')[0]!;
  return (address: string) => fetch(url + address, { headers: { cookie } });
}
