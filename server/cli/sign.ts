import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { checkScript } from '../../shared/remediation/check-script.ts';
import { explainScript } from '../../shared/remediation/explain-script.ts';
import { askPassphrase } from './ask-passphrase.ts';
import { openKeyFile } from './key-file.ts';
import { openPaper, type PaperContent, signPaper } from './signing-paper.ts';
import { failWith, wrongUsage } from './terminal.ts';

/**
 * `bootmend sign PAPER --key FILE [--yes]`: shows what a paper says and signs exactly these bytes. It needs no server
 * and no network: an approver runs it on a machine of their own.
 */
export async function runSign(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { key: { type: 'string' }, yes: { type: 'boolean' } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0 || values.key === undefined) {
    return wrongUsage('sign');
  }
  const opened = openPaper(file);
  if (!opened.ok) return failWith(opened.code, opened.message);
  for (const line of describe(opened.content)) console.log(line);
  console.log(`\nHash of what is signed: ${opened.sha256}`);
  if (!values.yes && !(await confirm(opened.sha256))) return failWith('not-signed', 'Nothing was signed.');
  const signer = openKeyFile(values.key, await askPassphrase(`Passphrase of ${values.key}: `));
  signPaper(file, opened.paper, signer);
  console.log(`Signed by ${signer.key.owner} (${signer.key.keyId}).`);
  return 0;
}

/** The content in plain words; everything that decides what a device will do is in it. */
function describe(content: PaperContent): string[] {
  if (content.kind === 'trust') {
    const { trust } = content;
    return [
      `Trust document ${trust.version} of organization ${trust.organization}`,
      `Devices will believe ${trust.threshold} of these ${trust.approvers.length} keys:`,
      ...trust.approvers.map(key => `  ${key.owner}  ${key.keyId}  (${key.kind})  ${key.publicKey}`),
      `Orders come from online key ${trust.onlineKey.keyId}, servers have the pins:`,
      ...trust.serverPins.map(pin => `  ${pin}`),
    ];
  }
  if (content.kind === 'agent-release') {
    const { number, organization, version, sha256, sizeBytes } = content.release;
    return [
      `Agent ${version} for organization ${organization}, release ${number}`,
      `It will run as SYSTEM on every healthy machine and in its recovery environment.`,
      `Exactly ${sizeBytes} bytes with the SHA-256`,
      `  ${sha256}`,
      `Compare that with the file you built or were given.`,
    ];
  }
  const { approval, script } = content;
  const checked = checkScript(script);
  const sentences = checked.script ? explainScript(checked.script) : [];
  return [
    `Approval of ${approval.remediationId}, version ${approval.version}, for organization ${approval.organization}`,
    `Risk ${approval.risk}, valid until ${approval.expiresAt}, ${approval.devices.kind === 'every-device' ? 'for every device its guards let through' : 'for matching devices'}`,
    '',
    ...script
      .trimEnd()
      .split('\n')
      .map((line, at) => `${String(at + 1).padStart(4)}  ${line}`),
    '',
    ...sentences.map(({ line, sentence }) => `line ${line}: ${sentence}`),
  ];
}

async function confirm(sha256: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question('To sign, type the first eight digits of the hash: ');
  terminal.close();
  return typed.trim() === sha256.slice(0, 8);
}
