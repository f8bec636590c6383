import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeOnce } from './make-once.ts';
import { runTool, ToolError } from './run-tool.ts';
import { quickjs } from './source-archive.ts';
import { nativeCompiler, windowsTools } from './toolchain.ts';

/** What the agent is linked from, and the tool that makes its bytecode. */
export interface CompiledQuickjs {
  /** Object files for Windows. */
  readonly objects: readonly string[];
  /** A program of this machine: `compile-script IN OUT`. */
  readonly scriptCompiler: string;
}

const units = ['quickjs', 'libregexp', 'libunicode', 'cutils', 'dtoa'] as const;

/** As QuickJS's own makefile sets them; its warnings are its authors' affair. */
const languageFlags = [
  '-D_GNU_SOURCE',
  `-DCONFIG_VERSION="${quickjs.version}"`,
  '-fwrapv',
  '-funsigned-char',
  '-w',
];

/**
 * Small, and optimized when everything is known at the link. Without unwind tables, which nothing here uses, the
 * linker can leave out what is never called: the parser, so that the agent cannot run code that comes as text.
 */
export const windowsFlags = [
  '-Os',
  '-flto',
  '-fno-ident',
  '-fno-asynchronous-unwind-tables',
  '-fstack-protector-strong',
  '-DNDEBUG',
  // The formats that are printed are those that msvcrt knows; what the compiler brings for all others is 25 kB.
  '-D__USE_MINGW_ANSI_STDIO=0',
] as const;

/**
 * What QuickJS does all the time (memory, objects, properties, the loop that runs bytecode) is compiled for speed: a
 * fifth less processor time until the first request, for 40 kB. What stands behind it in its source, from the parser to
 * the methods of the language, stays small: optimized for speed it would take 50 kB more and gain nothing.
 */
const speedFlags = [
  '-O2',
  '-fno-tree-vectorize',
  ...['functions', 'jumps', 'loops', 'labels'].map(one => `-fno-align-${one}`),
];
const endOfCore = '\n/* JS parser */\n';

/** Compiles QuickJS for Windows and the script compiler for this machine, once per source, flags and compilers. */
export function compileQuickjs(source: string, cache: string, tool: string): CompiledQuickjs {
  const compilers = [windowsTools.compiler, nativeCompiler].map(one =>
    runTool([one, '--version'], { cwd: '/' }),
  );
  const key = createHash('sha256')
    .update(JSON.stringify([quickjs.version, windowsFlags, speedFlags, languageFlags, compilers]))
    .update(readFileSync(tool))
    .digest('hex');
  const folder = path.join(cache, `objects-${key.slice(0, 16)}`);
  makeOnce(folder, fresh => {
    for (const unit of units) compileUnit(source, fresh, unit);
    const sources = units.map(unit => `${unit}.c`);
    const out = path.join(fresh, 'compile-script');
    const native = [nativeCompiler, '-O1', ...languageFlags, '-I.', path.resolve(tool), ...sources] as const;
    runTool([...native, '-lm', '-lpthread', '-o', path.resolve(out)], { cwd: source });
  });
  return {
    objects: units.map(unit => path.join(folder, `${unit}.o`)),
    scriptCompiler: path.join(folder, 'compile-script'),
  };
}

function compileUnit(source: string, folder: string, unit: string): void {
  const out = path.resolve(folder, `${unit}.o`);
  const flags = [...languageFlags, ...windowsFlags, `-frandom-seed=${unit}`];
  const [file, ...special] =
    unit === 'quickjs' ? [coreFirst(source, folder), ...speedFlags, '-I.'] : [`${unit}.c`];
  runTool([windowsTools.compiler, ...flags, ...special, '-c', file, '-o', out], { cwd: source });
}

/** The engine's source, in which everything behind the core is told to be small again. */
function coreFirst(source: string, folder: string): string {
  const text = readFileSync(path.join(source, 'quickjs.c'), 'utf8');
  const [core, rest, ...more] = text.split(endOfCore);
  if (core === undefined || rest === undefined || more.length > 0)
    throw new ToolError('quickjs.c has no one place where its core ends.');
  const out = path.resolve(folder, 'quickjs-core-first.c');
  writeFileSync(out, `${core}\n#pragma GCC optimize("Os")\n${rest}`);
  return out;
}
