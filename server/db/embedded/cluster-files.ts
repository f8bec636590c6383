import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { commandWith, type Privileges } from './privileges.ts';

/** Where the files of an embedded PostgreSQL lie. */
export interface ClusterFiles {
  readonly dataDir: string;
  readonly passwordFile: string;
  readonly ownerLockFile: string;
  readonly libraryDir: string;
}

/** The superuser of the embedded PostgreSQL, and the database that Bootmend uses in it. */
export const superuser = 'bootmend';
export const databaseName = 'postgres';

/** Makes the folder, readable by its owner only, and names what lies in it. */
export function clusterFilesIn(dir: string): ClusterFiles {
  const folder = path.resolve(dir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return {
    dataDir: path.join(folder, 'data'),
    passwordFile: path.join(folder, 'password'),
    ownerLockFile: path.join(folder, 'owner.lock'),
    libraryDir: path.join(folder, 'libraries'),
  };
}

export const readPassword = (files: ClusterFiles): string => readFileSync(files.passwordFile, 'utf8').trim();

/** Makes a cluster unless there is one. A cluster is whole or not there: a killed initdb leaves none behind. */
export async function ensureCluster(
  files: ClusterFiles,
  binaries: Binaries,
  privileges: Privileges,
  { flush }: { readonly flush: boolean },
): Promise<void> {
  const { dataDir, passwordFile } = files;
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) {
    if (existsSync(passwordFile)) return;
    throw new Error(
      `${passwordFile} is missing; without it nobody can sign in to the database in ${dataDir}.`,
    );
  }
  const unfinished = `${dataDir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true });
  await initdb(unfinished, passwordFile, binaries, privileges, flush ? [] : ['--no-sync']);
  renameSync(unfinished, dataDir);
}

async function initdb(
  dataDir: string,
  passwordFile: string,
  binaries: Binaries,
  privileges: Privileges,
  also: readonly string[],
): Promise<void> {
  const [command, args] = commandWith(privileges, binaries.initdb, [
    `--pgdata=${dataDir}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The machine's own locales differ, and the libraries bundled for them are old.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
    ...also,
  ]);
  try {
    await promisify(execFile)(command, [...args], { env: binaries.env, cwd: path.dirname(dataDir) });
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Error(`PostgreSQL could not make its data folder ${dataDir}: ${stderr}`, { cause });
  }
}
