import { build } from 'esbuild';
import path from 'node:path';
import { ToolError } from './run-tool.ts';

/** Every package that may come into the executable. A new one is a decision, not an accident. */
const allowedPackages: ReadonlySet<string> = new Set([
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  'zod',
]);

/** The agent's TypeScript as one module of JavaScript that QuickJS runs. The same sources give the same bytes. */
export async function bundleAgent(top: string, entry: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: top,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2023',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const foreign = Object.keys(metafile.inputs)
    .map(packageOf)
    .filter(name => name !== undefined && !allowedPackages.has(name));
  if (foreign.length > 0)
    throw new ToolError(
      `${entry} brings packages that the agent may not carry: ${[...new Set(foreign)].join(', ')}`,
    );
  return outputFiles[0]?.text ?? '';
}

function packageOf(input: string): string | undefined {
  const parts = input.split('/');
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  const [scope = '', name = ''] = parts.slice(at + 1);
  return scope.startsWith('@') ? path.posix.join(scope, name) : scope;
}
