import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hostFlags } from '../../agent/build/compile-host.ts';
import { sodiumHeaders } from '../../agent/build/compile-sodium.ts';
import { ensureSource, libsodium, quickjs } from '../../agent/build/source-archive.ts';
import { compileNativeParts, fuzzNativeParts } from '../runtime/support/native-parts.ts';
import { top } from '../support/imports.ts';
import type { Figure } from './figure.ts';

const rounds = 1_000_000;
const tests = path.join(import.meta.dirname, '../runtime');

/** Everything about the executable that takes too long for `npm test`; one line a figure. */
const parts: Readonly<Record<string, () => Iterable<Figure>>> = {
  figures: measure,
  fuzz: fuzzParts,
  faults: () => runWhole('faults.test.ts'),
  stall: () => runWhole('watching.test.ts'),
  arm64: compileForArm64,
};

export const agentParts: readonly string[] = Object.keys(parts);

export function* benchAgent(names: readonly string[]): Generator<Figure> {
  for (const [name, part] of Object.entries(parts))
    if (names.length === 0 || names.includes(name)) yield* part();
}

function* measure(): Generator<Figure> {
  const { stdout } = runTests(path.join(import.meta.dirname, 'measure-agent.ts'));
  const figures = [...stdout.matchAll(/figure (\{.*\})/g)].map(([, text]) => JSON.parse(text!) as Figure);
  if (figures.length === 0) throw new Error(stdout);
  yield* figures;
}

/** A test file with all that `npm test` tries a sample of, or leaves out because it takes minutes. */
function* runWhole(file: string): Generator<Figure> {
  const { stdout } = runTests(path.join(tests, file));
  process.stderr.write(stdout);
  const count = (what: string) =>
    Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? Number.NaN);
  const name = path.basename(file, '.test.ts');
  yield { figure: `${name}-passed`, value: count('pass'), unit: 'count' };
  yield { figure: `${name}-failed`, value: count('fail'), unit: 'count', limit: 0 };
}

function runTests(file: string) {
  const env = { ...process.env, BOOTMEND_AGENT_FAULTS: 'all' };
  const words = ['--test', '--test-reporter=spec', file];
  return spawnSync(process.execPath, words, { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
}

/** The C host through a compiler for arm64 Windows: what would not be portable. Needs clang of Debian. */
function* compileForArm64(): Generator<Figure> {
  const runtime = path.join(top, 'agent/runtime');
  const [engine, sodium] = [quickjs, libsodium].map(one =>
    ensureSource(one, path.join(top, 'dist/agent/cache'), () => undefined),
  );
  const headers = [engine!, ...sodiumHeaders(sodium!)];
  const places = ['/usr/share/mingw-w64/include', ...headers].flatMap(one => ['-isystem', one]);
  const target = ['--target=aarch64-w64-mingw32', '-c', '-o', '/dev/null', ...hostFlags, ...places];
  const units = readdirSync(runtime).filter(file => file.endsWith('.c'));
  const failed = units.filter(unit => {
    const { status, stderr, error } = spawnSync('clang', [...target, unit], {
      cwd: runtime,
      encoding: 'utf8',
    });
    process.stderr.write(error ? `clang: ${error.message}\n` : stderr);
    return status !== 0;
  });
  yield { figure: 'arm64-units', value: units.length, unit: 'count' };
  yield { figure: 'arm64-units-not-portable', value: failed.length, unit: 'count', limit: 0 };
}

/** A million argument lines, names and byte sequences through the C of the host, under its sanitizers. */
function* fuzzParts(): Generator<Figure> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bootmend-bench-'));
  try {
    const broken = fuzzNativeParts(compileNativeParts(folder), Date.now(), rounds);
    if (broken !== undefined) process.stderr.write(broken);
    yield { figure: 'c-fuzz-rounds', value: rounds, unit: 'count' };
    yield { figure: 'c-fuzz-broken', value: broken === undefined ? 0 : 1, unit: 'count', limit: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
