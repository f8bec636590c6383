import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { buildAgent } from '../../../agent/build/build-agent.ts';
import { windowsTools } from '../../../agent/build/toolchain.ts';
import { tryOwnerLock } from '../../../server/db/embedded/owner-lock.ts';
import { top } from '../../support/imports.ts';

/** What builds of the executable share. */
export const agentCache = path.join(top, 'dist/agent/cache');
const support = import.meta.dirname;

/** The product's executable, built from these sources. */
export const builtAgent = (): Promise<string> => executable(['agent/bootmend.ts']);

/** The same C host and agent with a script before them through which a test drives it; `driven-agent.ts` says how. */
export const drivenAgent = (): Promise<string> =>
  executable(
    ['driven-agent.ts', 'driven-native.ts', 'host-server.ts'].map(name => `test/runtime/support/${name}`),
  );

/** The first of the sources is what it runs. */
async function executable(own: readonly string[]): Promise<string> {
  const [entry = ''] = own;
  const sources = ['agent', 'shared', ...own, 'package-lock.json', 'package.json'];
  const name = `${path.basename(entry, '.ts')}.exe`;
  const folder = await whenFree('executables', () =>
    buildOnceAsync(name, sources, out =>
      buildAgent({ top, entry, out: path.join(out, name), cache: agentCache, say: () => {} }),
    ),
  );
  return path.join(folder, name);
}

/** A small Windows program of this folder. */
export function compileOnce(name: string): string {
  const source = path.join(support, `${name}.c`);
  const folder = buildOnce(name, [source], out => {
    execFileSync(windowsTools.compiler, [
      '-O1',
      '-s',
      '-static',
      source,
      '-o',
      path.join(out, `${name}.exe`),
    ]);
  });
  return path.join(folder, `${name}.exe`);
}

/** A folder under dist that `make` filled from these sources; made again only when one of them changed. */
export function buildOnce(name: string, sources: readonly string[], make: (folder: string) => void): string {
  const { folder, fresh } = placeOf(name, sources);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(fresh, { recursive: true });
  make(fresh);
  return keep(fresh, folder);
}

async function buildOnceAsync(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const { folder, fresh } = placeOf(name, sources);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(fresh, { recursive: true });
  await make(fresh);
  return keep(fresh, folder);
}

function placeOf(name: string, sources: readonly string[]) {
  const hash = createHash('sha256');
  for (const source of sources.flatMap(listFiles)) hash.update(`${source}\0`).update(fs.readFileSync(source));
  const folder = path.join(agentCache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  return { folder, fresh: `${folder}.${process.pid}` };
}

function keep(fresh: string, folder: string): string {
  if (fs.existsSync(folder)) fs.rmSync(fresh, { recursive: true });
  else fs.renameSync(fresh, folder);
  return folder;
}

function listFiles(source: string): string[] {
  const at = path.resolve(top, source);
  if (fs.statSync(at).isFile()) return [at];
  return fs
    .readdirSync(at, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}

/** Several test files want executables at the same time; one builds, so that QuickJS is fetched and compiled once. */
async function whenFree<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  fs.mkdirSync(agentCache, { recursive: true });
  for (;;) {
    const lock = tryOwnerLock(path.join(agentCache, `${name}.lock`));
    if (lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}
