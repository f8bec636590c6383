import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from './app.ts';
import { FileBlobStore } from './blobs/file-blob-store.ts';
import { type Config, isLoopback } from './config.ts';
import { ensureConsole } from './console-build.ts';
import { Database } from './db/database.ts';
import { startEmbeddedPostgres } from './db/embedded/embedded-postgres.ts';
import { tryOwnerLock } from './db/embedded/owner-lock.ts';
import { Leases } from './db/leases.ts';
import { migrate } from './db/migrations.ts';
import type { LabGround } from './features/remediations/authoring.ts';
import type { LogLevelHolder } from './features/system/log-switch.ts';
import { browserSessions } from './http/browser-session.ts';
import { createConsoleApp } from './http/console-app.ts';
import { createDeviceApp } from './http/device-app.ts';
import { healthRoutes } from './http/health-routes.ts';
import { openListener } from './http/listener.ts';
import { type PublicPlace, publicAddress } from './http/public-place.ts';
import { ensureTlsIdentity } from './http/tls-identity.ts';
import type { Log } from './logging/log.ts';
import { ensureSecret } from './secret-files.ts';
import { StopStack } from './stop-stack.ts';
import { serverVersion } from './version.ts';

/** A server that runs. */
export interface RunningServer {
  /** Where the console listens. */
  readonly consoleUrl: string;
  /** Where people reach it. */
  readonly publicUrl: string;
  readonly deviceUrl: string;
  /** SHA-256 of the public keys by which devices may know this server, the current one first. */
  readonly pins: readonly string[];
  readonly database: Database;
  /** The features, for commands that run in the same process. */
  readonly features: ReturnType<typeof buildApp>['features'];
  /** The key that issues orders, as trust documents name it. */
  readonly onlineKey: { readonly keyId: string; readonly publicKey: string };
  /** One-time link that makes the first admin; only while there is no account. */
  readonly welcomeLink: string | undefined;
  /** Ends what runs, in order, within a limit. */
  stop(): Promise<void>;
}

export interface StartOverrides {
  readonly log: Log;
  readonly clock?: () => Date;
  /** Settings of the embedded PostgreSQL. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** Makes the lab of a folder, for authors who try scripts at the console. */
  readonly labOf?: (folder: string) => LabGround;
  /** The agent that machines are given, instead of the one that was built here. */
  readonly agentFile?: string;
  /** How much the log tells, to be changed while the server runs. */
  readonly logLevel?: LogLevelHolder;
}

/** Starts everything, in the order in which it depends on each other; stops it again when a part does not start. */
export async function startServer(config: Config, overrides: StartOverrides): Promise<RunningServer> {
  const stops = new StopStack(overrides.log, config.stopSeconds * 1000);
  try {
    return await startParts(config, overrides, stops);
  } catch (error) {
    await stops.stop();
    throw error;
  }
}

async function startParts(
  config: Config,
  { log, clock = () => new Date(), postgresSettings = {}, labOf, agentFile, logLevel }: StartOverrides,
  stops: StopStack,
): Promise<RunningServer> {
  const inData = (...names: string[]) => path.join(config.dataDir, ...names);
  const keysDir = inData('keys');
  takeDataDir(config.dataDir, stops);

  const databaseUrl =
    config.databaseUrl ?? (await startPostgres(inData('postgres'), log, postgresSettings, stops));
  await migrate(databaseUrl, log.area('db'));
  const database = new Database({
    url: databaseUrl,
    onConnectionLost: error => log.area('db').debug('a connection was lost', { reason: error.message }),
  });
  stops.add('database', () => database.close());

  const blobs = new FileBlobStore(inData('evidence'), ensureSecret(path.join(keysDir, 'blob-key')));
  blobs.clearStaging();
  const tls = ensureTlsIdentity(keysDir);
  const leases = new Leases(database, randomUUID());
  const lab = labOf?.(inData('lab'));
  const app = buildApp({
    config,
    database,
    blobs,
    leases,
    keysDir,
    pin: tls.pin,
    log,
    clock,
    lab,
    agentFile,
    logLevel,
  });

  const health = healthRoutes(serverVersion, { database: () => database.query('select 1') });
  const { publicPlace } = config;
  const secure = publicPlace?.isSecure ?? config.consoleTls !== undefined;
  const sessions = browserSessions({
    database,
    secret: ensureSecret(path.join(keysDir, 'session-key')).toString('hex'),
    secure,
    publicPlace,
  });
  stops.add('sessions', () => sessions.close());
  const filesDir = await ensureConsole({ build: config.buildConsole, log: log.area('console') });

  const limits = { maxConnections: 10_000, requestTimeoutMs: 120_000 };
  const devices = await openListener({
    app: createDeviceApp({ routes: app.deviceRoutes, health, log: log.area('devices') }),
    address: config.deviceAddress,
    port: config.devicePort,
    tls,
    ...limits,
  });
  stops.add('device listener', () => devices.stop(config.stopSeconds * 900));
  const console = await openListener({
    app: createConsoleApp({
      routes: app.consoleRoutes,
      sessions: sessions.handler,
      findToken: app.features.apiTokens.find,
      health,
      filesDir,
      secure,
      hostNames: isLoopback(config.consoleAddress) ? hostNamesOf(publicPlace) : undefined,
      publicPlace,
      trustedProxies: config.trustedProxies,
      log: log.area('console'),
    }),
    address: config.consoleAddress,
    port: config.consolePort,
    ...(config.consoleTls && { tls: readTls(config.consoleTls) }),
    ...limits,
  });
  stops.add('console listener', () => console.stop(config.stopSeconds * 900));
  await app.start();
  // Consoles listen without end, so this comes before the listeners wait for their requests.
  stops.add('background work', () => app.stop());
  app.jobs.start();
  stops.add('timers', () => app.jobs.stop());

  const secret = await app.features.access.welcome();
  const place = publicPlace ?? { origin: console.url, path: '/', isSecure: secure };
  log.info('server started', { console: publicAddress(place), devices: devices.url });
  return {
    consoleUrl: console.url,
    publicUrl: publicAddress(place),
    deviceUrl: devices.url,
    pins: [tls.pin],
    database,
    features: app.features,
    onlineKey: app.onlineKey,
    welcomeLink: secret === undefined ? undefined : publicAddress(place, `welcome#${secret}`),
    stop: () => stops.stop(),
  };
}

/** One server for one data folder: two would forget each other's uploads. */
function takeDataDir(dataDir: string, stops: StopStack): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = tryOwnerLock(path.join(dataDir, 'server.lock'));
  if (!lock)
    throw new Error(
      `Another Bootmend server runs over ${dataDir}; stop it, or set BOOTMEND_DATA_DIR to another folder.`,
    );
  stops.add('data folder', () => lock.release());
}

async function startPostgres(
  dir: string,
  log: Log,
  settings: Readonly<Record<string, string>>,
  stops: StopStack,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dir, log: log.area('postgres'), settings });
  stops.add('PostgreSQL', () => postgres.stop());
  return postgres.url;
}

const hostNamesOf = (place: PublicPlace | undefined) =>
  new Set(['127.0.0.1', 'localhost', '[::1]', ...(place ? [new URL(place.origin).hostname] : [])]);

const readTls = ({ keyFile, certificateFile }: NonNullable<Config['consoleTls']>) => ({
  privateKey: readFileSync(keyFile, 'utf8'),
  certificate: readFileSync(certificateFile, 'utf8'),
});
