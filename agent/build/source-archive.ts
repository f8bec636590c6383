import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { makeOnce } from './make-once.ts';
import { runTool, ToolError } from './run-tool.ts';

/** Sources as the agent carries them: Debian's pristine archive, known by its hash wherever it comes from. */
export interface SourceArchive {
  readonly name: string;
  readonly version: string;
  /** The source package, and a release of Debian that has it in this version as long as it stands. */
  readonly sourcePackage: string;
  readonly release: string;
  readonly file: string;
  readonly sha256: string;
  /** The environment variable that may name the file. */
  readonly setting: string;
}

export const quickjs: SourceArchive = {
  name: 'QuickJS',
  version: '2025-04-26',
  sourcePackage: 'quickjs',
  release: 'trixie',
  file: 'quickjs_2025.04.26.orig.tar.xz',
  sha256: 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe',
  setting: 'QUICKJS_SRC',
};

export const libsodium: SourceArchive = {
  name: 'libsodium',
  version: '1.0.18',
  sourcePackage: 'libsodium',
  release: 'bookworm',
  file: 'libsodium_1.0.18.orig.tar.gz',
  sha256: 'd59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4',
  setting: 'LIBSODIUM_SRC',
};

/** The folder with the sources under `cache`, unpacked once from the archive that was found or fetched. */
export function ensureSource(archive: SourceArchive, cache: string, say: (line: string) => void): string {
  const folder = path.join(cache, `${archive.sourcePackage}-${archive.version}`);
  const file = () => ensureArchive(archive, cache, say);
  makeOnce(folder, fresh => {
    runTool(['tar', '-xf', file(), '-C', path.resolve(fresh), '--strip-components=1'], { cwd: fresh });
  });
  return folder;
}

/**
 * The archive: the file that its setting names, or the one kept under `cache`, which comes by apt from the mirror that
 * this machine uses. Either is what its hash says or nothing.
 */
export function ensureArchive(archive: SourceArchive, cache: string, say: (line: string) => void): string {
  const given = process.env[archive.setting];
  if (given !== undefined) return believed(archive, path.resolve(given));
  const kept = path.resolve(cache, archive.file);
  if (existsSync(kept)) return believed(archive, kept);
  const fresh = `${kept}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    copyFileSync(believed(archive, takeThroughApt(archive, fresh, say)), `${fresh}.whole`);
    renameSync(`${fresh}.whole`, kept);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}

function believed({ file, sha256 }: SourceArchive, found: string): string {
  if (!existsSync(found)) throw new ToolError(`${found} is not there.`);
  const hash = createHash('sha256').update(readFileSync(found)).digest('hex');
  if (hash !== sha256) throw new ToolError(`${found} is not ${file}: its SHA-256 is ${hash}, not ${sha256}`);
  return found;
}

/** A source list of our own, so that neither apt's lists nor its settings on this machine change. */
function takeThroughApt(
  { name, version, sourcePackage, release, file, setting }: SourceArchive,
  folder: string,
  say: (line: string) => void,
): string {
  const mirror = findMirror();
  if (mirror === undefined)
    throw new ToolError(
      `No Debian mirror is set up here; name the file ${file} by the environment variable ${setting}.`,
    );
  say(`Taking the source of ${name} ${version} through apt ...`);
  const list = path.join(folder, 'sources.list');
  writeFileSync(list, `deb-src ${mirror} ${release} main\n`);
  for (const place of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(path.join(folder, place), { recursive: true });
  const own = [
    `Dir::Etc::SourceList=${list}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${path.join(folder, 'lists')}`,
    `Dir::Cache=${path.join(folder, 'cache')}`,
    'APT::Sandbox::User=root',
  ].flatMap(setting => ['-o', setting]);
  runTool(['apt-get', ...own, '-q', 'update'], { cwd: folder });
  runTool(['apt-get', ...own, '-q', 'source', '--download-only', sourcePackage], { cwd: folder });
  return path.join(folder, file);
}

/** Where this machine takes Debian from: the repository that is named so, also before its lists were ever read. */
function findMirror(): string | undefined {
  const format = ['indextargets', '--format', '$(LABEL) $(REPO_URI)'] as const;
  const lines = runTool(['apt-get', ...format], { cwd: '/' }).split('\n');
  const known = lines.find(line => /^Debian |\/debian\/?$/.test(line));
  return known?.slice(known.indexOf(' ') + 1);
}
