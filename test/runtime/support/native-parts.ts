import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { nativeCompiler } from '../../../agent/build/toolchain.ts';
import { top } from '../../support/imports.ts';

const runtime = path.join(top, 'agent/runtime');
const parts = ['command-line.c', 'small-blocks.c', 'text.c', 'worker-clock.c'];
const flags = ['-std=gnu17', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-Wshadow'];
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** Compiles the parts of the C host that know nothing of Windows for this machine; gives the program. */
export function compileNativeParts(folder: string): string {
  const out = path.join(folder, 'native-parts');
  const sources = [
    path.join(import.meta.dirname, 'native-parts.c'),
    ...parts.map(one => path.join(runtime, one)),
  ];
  execFileSync(nativeCompiler, [...flags, ...sanitizers, '-I', runtime, ...sources, '-o', out]);
  return out;
}

/** What random argument lines, texts and blocks of memory broke; undefined when nothing did. */
export function fuzzNativeParts(program: string, seed: number, rounds: number): string | undefined {
  const { status, stdout, stderr } = spawnSync(program, ['fuzz', String(seed), String(rounds)], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

/** What the parent says at each moment: how long the worker runs, how often it gave a sign, what time it asked for. */
export function judgeWorker(
  program: string,
  moments: readonly (readonly [nowMs: number, beats: number, totalMs: number])[],
): readonly string[] {
  const input = moments.map(one => `${one.join(' ')}\n`).join('');
  return execFileSync(program, ['watch'], { input, encoding: 'utf8' }).trim().split('\n');
}
