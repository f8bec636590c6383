// `npm run build:agent [-- --out FILE] [--sign CERTIFICATE --key KEY [--timestamp URL]]`: makes the Windows executable.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAgent } from './build-agent.ts';
import { ToolError } from './run-tool.ts';
import { signAgent } from './sign-agent.ts';

const top = path.resolve(import.meta.dirname, '../..');
/** What the recovery partition can spare; the agent lives beside drivers in an image that is often full. */
const maxBytes = 1_000_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(top, 'dist/agent/bootmend.exe') },
    sign: { type: 'string' },
    key: { type: 'string' },
    timestamp: { type: 'string' },
  },
});

try {
  const { out, sign, key, timestamp } = values;
  if ((sign === undefined) !== (key === undefined))
    throw new ToolError('Signing takes both a certificate (--sign) and its key (--key).');
  await buildAgent({ top, entry: 'agent/bootmend.ts', out, cache: path.join(top, 'dist/agent/cache'), say });
  if (sign !== undefined && key !== undefined)
    signAgent({ file: out, certificate: sign, key, timestamp, say });
  const bytes = readFileSync(out);
  say(`${path.relative(process.cwd(), out)}: ${bytes.length} bytes`);
  say(`SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`);
  if (bytes.length > maxBytes) throw new ToolError(`The agent is larger than ${maxBytes} bytes.`);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
