// `npm run build:agent [-- --out FILE] [--sign CERTIFICATE …]`: makes the Windows executable, and signs it when asked;
// `--only-sign` signs the one that is there. docs/signing-the-agent.md tells what signing takes.
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

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(top, 'dist/agent/bootmend.exe') },
    'only-sign': { type: 'boolean', default: false },
    sign: text,
    key: text,
    pkcs11: text,
    chain: text,
    'password-file': text,
    timestamp: { type: 'string', multiple: true },
  },
});

try {
  const { out, sign, key, pkcs11: pkcs11Module, chain, 'password-file': passwordFile, timestamp } = values;
  const ofSigning = [key, pkcs11Module, chain, passwordFile, timestamp, values['only-sign'] || undefined];
  if (sign === undefined && ofSigning.some(one => one !== undefined))
    throw new ToolError('Signing takes a certificate: --sign FILE.');
  if (!values['only-sign'])
    await buildAgent({
      top,
      entry: 'agent/bootmend.ts',
      out,
      cache: path.join(top, 'dist/agent/cache'),
      say,
    });
  if (sign !== undefined)
    signAgent({
      file: out,
      certificate: sign,
      key,
      pkcs11Module,
      chain,
      passwordFile,
      timestamps: timestamp,
      say,
    });
  const bytes = readFileSync(out);
  say(`${path.relative(process.cwd(), out)}: ${bytes.length} bytes`);
  say(`SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`);
  if (bytes.length > maxBytes) throw new ToolError(`The agent is larger than ${maxBytes} bytes.`);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
