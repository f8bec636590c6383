import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from '../app.ts';
import { FileBlobStore } from '../blobs/file-blob-store.ts';
import { builtAgent } from '../built-agent.ts';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { Database } from '../db/database.ts';
import { startEmbeddedPostgres } from '../db/embedded/embedded-postgres.ts';
import { Leases } from '../db/leases.ts';
import { ensureTlsIdentity } from '../http/tls-identity.ts';
import { createLog } from '../logging/winston-log.ts';
import { ensureSecret } from '../secret-files.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { checkAgent, checkCertificates, checkClock, checkDisk, checkKeys } from './doctor/check-files.ts';
import { type DoctorFinding, broken, good, warning } from './doctor/finding.ts';
import { painter, processTerminal as terminal, wrongUsage } from './terminal.ts';

/** `bootmend doctor`: looks at a whole installation and changes nothing; 1 when something is broken. */
export async function runDoctor(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (positionals.length > 0) return wrongUsage('doctor');
  const findings = await examine();
  const isWell = findings.every(one => one.state !== 'broken');
  terminal.out(values.json ? `${JSON.stringify({ isWell, findings }, undefined, 2)}\n` : textOf(findings));
  return isWell ? 0 : 1;
}

async function examine(): Promise<DoctorFinding[]> {
  let config: Config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [broken('settings', error.message, 'docs/settings.md says what is accepted.')];
  }
  const now = new Date();
  const { dataDir } = config;
  if (!existsSync(dataDir))
    return [
      good('settings', 'Every setting can be used.'),
      broken(
        'data',
        `There is nothing at ${dataDir}.`,
        'npm start makes it; BOOTMEND_DATA_DIR names another.',
      ),
    ];
  const keys = checkKeys(path.join(dataDir, 'keys'));
  const findings = [
    good('settings', 'Every setting can be used.'),
    keys,
    ...checkCertificates(config, now),
    checkClock(now, statSync(path.resolve(import.meta.dirname, '../../package.json')).mtime),
    checkDisk(dataDir),
    checkAgent(builtAgent),
  ];
  return [...findings, ...(await examineDatabase(config, keys.state !== 'broken'))];
}

/** The database is started for the look when no server runs. What is not there is not made. */
async function examineDatabase(config: Config, hasKeys: boolean): Promise<DoctorFinding[]> {
  const dir = path.join(config.dataDir, 'postgres');
  const log = createLog({ level: 'error', format: 'pretty', stream: process.stderr });
  if (config.databaseUrl === undefined && !existsSync(dir))
    return [
      broken('database', `There is none at ${dir}.`, 'npm start makes it; DATABASE_URL names another.'),
    ];
  const postgres = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => {} }
    : await startEmbeddedPostgres({ dir, log });
  try {
    const { findings, isCurrent } = await checkDatabase(postgres.url);
    if (!isCurrent || !hasKeys) return findings;
    return [...findings, ...(await examinePolicy(config, postgres.url, log))];
  } finally {
    await postgres.stop();
  }
}

/** Who decides: approvers whom machines believe, and people who can sign in. */
async function examinePolicy(
  config: Config,
  url: string,
  log: ReturnType<typeof createLog>,
): Promise<DoctorFinding[]> {
  const keysDir = path.join(config.dataDir, 'keys');
  const database = new Database({ url, maxConnections: 2 });
  try {
    const { features } = buildApp({
      config,
      database,
      blobs: new FileBlobStore(
        path.join(config.dataDir, 'evidence'),
        ensureSecret(path.join(keysDir, 'blob-key')),
      ),
      leases: new Leases(database, randomUUID()),
      keysDir,
      pin: ensureTlsIdentity(keysDir).pin,
      log,
      clock: () => new Date(),
    });
    const { trust } = await features.trust.state(config.organizationId);
    const people = await features.people.list(config.organizationId);
    const admins = people.filter(one => one.role === 'admin' && one.disabledAt === undefined).length;
    return [policyOf(trust), peopleOf(people.length, admins)];
  } finally {
    await database.close();
  }
}

function policyOf(
  trust: { readonly threshold: number; readonly approvers: readonly unknown[] } | undefined,
): DoctorFinding {
  if (!trust)
    return warning(
      'policy',
      'No trust document is published, so no machine can be enrolled and nothing can run.',
      'bootmend key new, trust draft, sign, trust publish: docs/getting-started.md.',
    );
  const { threshold, approvers } = trust;
  const found = `${threshold} of ${approvers.length} approvers decide what runs.`;
  if (threshold === 1)
    return warning('policy', found, 'Whoever has one key and its passphrase decides alone. Ask for two.');
  if (approvers.length === threshold)
    return warning('policy', found, 'With one key lost nothing can be approved any more. Add an approver.');
  return good('policy', found);
}

function peopleOf(people: number, admins: number): DoctorFinding {
  const found = `Accounts: ${people}; admins who can sign in: ${admins}.`;
  if (people === 0)
    return warning(
      'people',
      'There is no account yet.',
      'npm start prints a link that makes the first admin.',
    );
  if (admins === 0) return broken('people', found, 'bootmend user add --role admin');
  if (admins === 1) return warning('people', found, 'Make a second admin, for the day on which one is away.');
  return good('people', found);
}

const marks = { good: 'ok     ', warning: 'look   ', broken: 'BROKEN ' } as const;
const paints = { good: 'faint', warning: 'warn', broken: 'bad' } as const;

function textOf(findings: readonly DoctorFinding[]): string {
  const paint = painter(terminal);
  const width = Math.max(...findings.map(one => one.check.length));
  const lines = findings.flatMap(({ check, state, found, advice }) => [
    `${paint(paints[state], marks[state])}${check.padEnd(width)}  ${found}`,
    ...(advice === undefined ? [] : [`${' '.repeat(marks.good.length + width)}  ${advice}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
