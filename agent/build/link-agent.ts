import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { type CompiledQuickjs, windowsFlags } from './compile-quickjs.ts';
import { runTool } from './run-tool.ts';
import { windowsTools } from './toolchain.ts';
import { versionResource } from './version-resource.ts';

const warnings = ['-std=gnu17', '-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wstrict-prototypes'];
const windowsVersion = ['-D_WIN32_WINNT=0x0A00', '-DUNICODE', '-D_UNICODE'];
const linkFlags = [
  '-municode',
  '-static',
  '-s',
  '-Wl,--gc-sections',
  '-Wl,--no-insert-timestamp',
  '-Wl,--dynamicbase',
  '-Wl,--nxcompat',
  '-Wl,--high-entropy-va',
  '-Wl,--stack,2097152',
];

export interface LinkInput {
  /** JavaScript of the whole agent. */
  readonly script: string;
  readonly runtime: string;
  readonly quickjsSource: string;
  readonly quickjs: CompiledQuickjs;
  readonly version: string;
  readonly out: string;
}

/** Compiles the C host, puts the script in as deflated bytecode and links the executable. */
export function linkAgent({ script, runtime, quickjsSource, quickjs, version, out }: LinkInput): void {
  mkdirSync(path.dirname(out), { recursive: true });
  const work = mkdtempSync(`${path.resolve(out)}.`);
  const run = (...command: readonly [string, ...string[]]) => runTool(command, { cwd: work });
  try {
    const units = readdirSync(runtime).filter(file => /\.[ch]$/.test(file));
    for (const unit of [...units, 'code.s', 'bootmend.manifest'])
      copyFileSync(path.join(runtime, unit), path.join(work, unit));
    writeFileSync(path.join(work, 'agent.js'), script);
    run(quickjs.scriptCompiler, 'agent.js', 'agent.bin');
    writeFileSync(path.join(work, 'code.bin'), packCode(readFileSync(path.join(work, 'agent.bin'))));
    writeFileSync(path.join(work, 'resources.rc'), versionResource(version));
    run(windowsTools.resourceCompiler, '-O', 'coff', 'resources.rc', 'resources.o');
    const sources = units.filter(file => file.endsWith('.c')).sort();
    const compile = [
      ...warnings,
      ...windowsVersion,
      ...windowsFlags,
      '-isystem',
      path.resolve(quickjsSource),
    ];
    // The link calls the stack protector's parts only after it has optimized, too late for a unit that it may drop.
    const special = (source: string) => (source === 'stack-guard.c' ? ['-fno-lto'] : []);
    for (const source of sources) {
      const flags = [...compile, ...special(source), `-frandom-seed=${source}`];
      run(windowsTools.compiler, ...flags, '-c', source, '-o', `${source}.o`);
    }
    const objects = sources.map(source => `${source}.o`);
    const linked = [
      ...objects,
      'code.s',
      'resources.o',
      ...quickjs.objects.map(one => path.resolve(one)),
      '-lz',
    ];
    run(
      windowsTools.compiler,
      ...windowsFlags,
      '-frandom-seed=bootmend',
      ...linked,
      ...linkFlags,
      '-o',
      'bootmend.exe',
    );
    renameSync(path.join(work, 'bootmend.exe'), out);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Four bytes of length, then the bytecode deflated. */
function packCode(bytecode: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytecode.length);
  const { Z_BEST_COMPRESSION: level } = constants;
  return Buffer.concat([length, deflateRawSync(bytecode, { level, memLevel: 9 })]);
}
