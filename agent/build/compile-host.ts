import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { windowsFlags } from './compile-quickjs.ts';
import { makeOnce } from './make-once.ts';
import { runTool } from './run-tool.ts';
import { windowsTools } from './toolchain.ts';

const warnings = ['-std=gnu17', '-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wstrict-prototypes'];
const windowsVersion = ['-D_WIN32_WINNT=0x0A00', '-DUNICODE', '-D_UNICODE'];

/** How the C host is compiled whatever the compiler and the processor. */
export const hostFlags: readonly string[] = [...warnings, ...windowsVersion];

/** Compiles the C host, which includes what stands in some folders, for Windows: once per source, flags and compiler; gives the object files in their order. */
export function compileHost(runtime: string, includes: readonly string[], cache: string): readonly string[] {
  const units = readdirSync(runtime)
    .filter(file => /\.[ch]$/.test(file))
    .sort();
  const flags = [...hostFlags, ...windowsFlags];
  const compiler = runTool([windowsTools.compiler, '--version'], { cwd: '/' });
  const hash = createHash('sha256').update(JSON.stringify([units, flags, compiler]));
  for (const unit of units) hash.update(readFileSync(path.join(runtime, unit)));
  const folder = path.join(path.resolve(cache), `host-${hash.digest('hex').slice(0, 16)}`);
  const sources = units.filter(unit => unit.endsWith('.c'));
  const included = includes.flatMap(one => ['-isystem', path.resolve(one)]);
  makeOnce(folder, fresh => {
    for (const source of sources) {
      // The link calls the stack protector's parts only after it has optimized, too late for a unit that it may drop.
      const special = source === 'stack-guard.c' ? ['-fno-lto'] : [];
      const own = [...flags, ...special, `-frandom-seed=${source}`, ...included];
      const out = path.resolve(fresh, `${source}.o`);
      runTool([windowsTools.compiler, ...own, '-c', source, '-o', out], {
        cwd: path.resolve(runtime),
        temporary: path.resolve(fresh),
      });
    }
  });
  return sources.map(source => path.join(folder, `${source}.o`));
}
