import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleAgent } from './bundle-agent.ts';
import { compileHost } from './compile-host.ts';
import { compileQuickjs } from './compile-quickjs.ts';
import { linkAgent } from './link-agent.ts';
import { compileSodium, sodiumHeaders } from './compile-sodium.ts';
import { ensureSource, libsodium, quickjs } from './source-archive.ts';
import { ensureToolchain } from './toolchain.ts';

export interface AgentBuild {
  /** The project's top folder. */
  readonly top: string;
  /** The TypeScript that the executable runs, relative to `top`. */
  readonly entry: string;
  /** The executable to be made. */
  readonly out: string;
  /** Where sources and object files are kept between builds. */
  readonly cache: string;
  readonly say: (line: string) => void;
}

/** Makes the executable: bundle, bytecode, C host, link. Equal sources and tools give equal bytes. */
export async function buildAgent({ top, entry, out, cache, say }: AgentBuild): Promise<void> {
  ensureToolchain(say);
  const quickjsSource = ensureSource(quickjs, cache, say);
  const sodiumSource = ensureSource(libsodium, cache, say);
  const script = await bundleAgent(top, entry);
  const engine = compileQuickjs(quickjsSource, cache, path.join(top, 'agent/build/compile-script.c'));
  const { version } = JSON.parse(readFileSync(path.join(top, 'package.json'), 'utf8')) as { version: string };
  const runtime = path.join(top, 'agent/runtime');
  const host = [
    ...compileHost(runtime, [quickjsSource, ...sodiumHeaders(sodiumSource)], cache),
    ...compileSodium(sodiumSource, cache),
  ];
  linkAgent({ script, runtime, host, quickjs: engine, version, out });
}
