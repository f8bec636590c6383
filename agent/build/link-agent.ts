import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type CompiledQuickjs, windowsFlags } from './compile-quickjs.ts';
import { runTool } from './run-tool.ts';
import { deflater, windowsTools } from './toolchain.ts';
import { versionResource } from './version-resource.ts';

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
  /** Sources of the C host, and the object files that were made of them. */
  readonly runtime: string;
  readonly host: readonly string[];
  readonly quickjs: CompiledQuickjs;
  readonly version: string;
  readonly out: string;
}

/** Puts the script as deflated bytecode beside the C host and links the executable. */
export function linkAgent({ script, runtime, host, quickjs, version, out }: LinkInput): void {
  mkdirSync(path.dirname(out), { recursive: true });
  const work = mkdtempSync(`${path.resolve(out)}.`);
  const run = (...command: readonly [string, ...string[]]) => runTool(command, { cwd: work });
  try {
    for (const file of ['code.s', 'bootmend.manifest'])
      copyFileSync(path.join(runtime, file), path.join(work, file));
    writeFileSync(path.join(work, 'agent.js'), script);
    run(quickjs.scriptCompiler, 'agent.js', 'agent.bin');
    run(deflater, '--deflate', 'agent.bin');
    const [bytecode, deflated] = ['agent.bin', 'agent.bin.deflate'].map(one =>
      readFileSync(path.join(work, one)),
    );
    writeFileSync(path.join(work, 'code.bin'), packedCode(bytecode!.length, deflated!));
    writeFileSync(path.join(work, 'resources.rc'), versionResource(version));
    run(windowsTools.resourceCompiler, '-O', 'coff', 'resources.rc', 'resources.o');
    const objects = [...host, ...quickjs.objects].map(one => path.resolve(one));
    const linked = [...objects, 'code.s', 'resources.o', '-lz'];
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

/** Four bytes of the bytecode's length, then the bytecode deflated. */
function packedCode(lengthBytes: number, deflated: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(lengthBytes);
  return Buffer.concat([length, deflated]);
}
