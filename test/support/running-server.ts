import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { type Config, readConfig } from '../../server/config.ts';
import { type RunningServer, type StartOverrides, startServer } from '../../server/start.ts';
import { silentLog } from './silent-log.ts';

/** A folder for one server's data, gone when the test file ends. */
export function temporaryDataDir(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'bootmend-data-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The default settings with free ports and without pages. */
export function testConfig(change: Partial<Config> = {}): Config {
  return {
    ...readConfig({}),
    dataDir: temporaryDataDir(),
    consolePort: 0,
    devicePort: 0,
    deviceAddress: '127.0.0.1',
    buildConsole: false,
    ...change,
  };
}

/** A whole server with its own PostgreSQL; the end of the test file stops it. */
export async function startTestServer(
  config = testConfig(),
  overrides: Partial<StartOverrides> = {},
): Promise<RunningServer> {
  const server = await startServer(config, {
    log: silentLog,
    postgresSettings: { fsync: 'off', shared_buffers: '16MB' },
    ...overrides,
  });
  after(() => server.stop());
  return server;
}
