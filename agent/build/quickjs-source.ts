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
import { runTool, ToolError } from './run-tool.ts';

/** QuickJS as the agent carries it: Debian's pristine source archive, known by its hash wherever it comes from. */
const quickjs = {
  debianVersion: '2025.04.26-1',
  release: 'trixie',
  file: 'quickjs_2025.04.26.orig.tar.xz',
  sha256: 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe',
  version: '2025-04-26',
} as const;

export const quickjsVersion = quickjs.version;

/** The folder with QuickJS's source under `cache`, unpacked once from the archive that was found or fetched. */
export function ensureQuickjsSource(cache: string, say: (line: string) => void): string {
  const folder = path.join(cache, `quickjs-${quickjs.version}`);
  if (existsSync(folder)) return folder;
  const archive = ensureQuickjsArchive(cache, say);
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    runTool(['tar', '-xJf', archive, '-C', fresh, '--strip-components=1'], { cwd: fresh });
    if (!existsSync(folder)) renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/**
 * QuickJS's archive: the file that `QUICKJS_SRC` names, or the one kept under `cache`, which comes by apt from the
 * mirror that this machine uses, of a release that has it. Either is what its hash says or nothing.
 */
export function ensureQuickjsArchive(cache: string, say: (line: string) => void): string {
  const { QUICKJS_SRC: given } = process.env;
  if (given !== undefined) return believed(path.resolve(given));
  const kept = path.resolve(cache, quickjs.file);
  if (existsSync(kept)) return believed(kept);
  const fresh = `${kept}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    copyFileSync(believed(takeThroughApt(fresh, say)), `${fresh}.xz`);
    renameSync(`${fresh}.xz`, kept);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}

function believed(archive: string): string {
  if (!existsSync(archive)) throw new ToolError(`${archive} is not there.`);
  const hash = createHash('sha256').update(readFileSync(archive)).digest('hex');
  if (hash !== quickjs.sha256)
    throw new ToolError(`${archive} is not ${quickjs.file}: its SHA-256 is ${hash}, not ${quickjs.sha256}`);
  return archive;
}

/** A source list of our own, so that neither apt's lists nor its settings on this machine change. */
function takeThroughApt(folder: string, say: (line: string) => void): string {
  const mirror = findMirror();
  if (mirror === undefined)
    throw new ToolError(
      `No Debian mirror is set up here; name the file ${quickjs.file} by the environment variable QUICKJS_SRC.`,
    );
  say(`Taking the source of QuickJS ${quickjs.version} through apt ...`);
  const list = path.join(folder, 'sources.list');
  writeFileSync(list, `deb-src ${mirror} ${quickjs.release} main\n`);
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
  runTool(['apt-get', ...own, '-q', 'source', '--download-only', `quickjs=${quickjs.debianVersion}`], {
    cwd: folder,
  });
  return path.join(folder, quickjs.file);
}

/** Where this machine takes Debian from: the repository that is named so, also before its lists were ever read. */
function findMirror(): string | undefined {
  const format = ['indextargets', '--format', '$(LABEL) $(REPO_URI)'] as const;
  const lines = runTool(['apt-get', ...format], { cwd: '/' }).split('\n');
  const known = lines.find(line => /^Debian |\/debian\/?$/.test(line));
  return known?.slice(known.indexOf(' ') + 1);
}
