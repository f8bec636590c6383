import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryOwnerLock } from './db/embedded/owner-lock.ts';
import type { Log } from './logging/log.ts';

const top = path.resolve(import.meta.dirname, '..');
const outDir = path.join(top, 'dist/console');
const stampFile = path.join(outDir, 'sources.sha256');

/** What the pages are made from. */
const sources = [
  'server/console',
  'shared',
  'docs/group-policy',
  'docs/intune',
  'docs/network-start',
  'package-lock.json',
];

/** Builds the pages when their sources changed since the last build; gives their folder, or undefined without pages. */
export async function ensureConsole({
  build,
  log,
}: {
  build: boolean;
  log: Log;
}): Promise<string | undefined> {
  const built = existsSync(path.join(outDir, 'index.html'));
  if (!build) return built ? outDir : undefined;
  const hash = hashSources();
  if (isStamped(hash)) return outDir;
  mkdirSync(path.dirname(outDir), { recursive: true });
  for (;;) {
    const lock = tryOwnerLock(path.join(path.dirname(outDir), 'console.lock'));
    if (lock) {
      try {
        if (!isStamped(hash)) await buildConsole(hash, log);
        return outDir;
      } finally {
        lock.release();
      }
    }
    await sleep(100);
  }
}

const isStamped = (hash: string) => existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === hash;

async function buildConsole(hash: string, log: Log): Promise<void> {
  const started = performance.now();
  const { build } = await import('vite').catch((cause: unknown) => {
    throw new Error(
      'The console must be built, and vite is not installed; run npm ci, or set BOOTMEND_BUILD_CONSOLE=never.',
      { cause },
    );
  });
  await build({
    root: path.join(top, 'server/console'),
    configFile: path.join(top, 'server/console/vite.config.ts'),
    build: { outDir, emptyOutDir: true },
    logLevel: 'error',
  });
  writeFileSync(stampFile, `${hash}\n`);
  log.info('console built', { seconds: Math.round((performance.now() - started) / 100) / 10 });
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    const at = path.join(top, source);
    const files = path.extname(source) === '' ? listFiles(at) : [at];
    for (const file of files)
      hash
        .update(`${path.relative(top, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  return hash.digest('hex');
}

const listFiles = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
