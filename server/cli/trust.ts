import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { approverKey } from '../../shared/trust/documents.ts';
import { withInstallation } from './installation.ts';
import { openPaper, writePaper } from './signing-paper.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend trust draft|publish`: prepares a trust document for signing, and tells devices of a signed one. */
export async function runTrust(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      approver: { type: 'string', multiple: true, default: [] },
      threshold: { type: 'string', default: '1' },
    },
  });
  const [verb, file, ...more] = positionals;
  if (file === undefined || more.length > 0) return wrongUsage('trust');
  if (verb === 'publish') return publish(file);
  const threshold = Number(values.threshold);
  if (verb !== 'draft' || values.approver.length === 0 || !Number.isInteger(threshold))
    return wrongUsage('trust');
  if (threshold < 1 || threshold > values.approver.length)
    return failWith(
      'impossible-threshold',
      `The threshold is 1 to ${values.approver.length}, the number of approvers.`,
    );
  return draft(file, values.approver, threshold);
}

function draft(file: string, approverFiles: readonly string[], threshold: number): Promise<number> {
  return withInstallation(async ({ config, features, onlineKey, pin }) => {
    const { trustVersion } = await features.trust.state(config.organizationId);
    const approvers = approverFiles.map(name => approverKey.parse(JSON.parse(readFileSync(name, 'utf8'))));
    const trust = {
      type: 'trust' as const,
      organization: config.organizationId,
      version: trustVersion + 1,
      threshold,
      approvers,
      onlineKey: { keyId: onlineKey.keyId, publicKey: onlineKey.publicKey },
      serverPins: [pin],
      issuedAt: new Date().toISOString(),
    };
    writePaper(file, { kind: 'trust', trust });
    console.log(`Trust document ${trust.version} is in ${file}. Next: bootmend sign ${file} --key KEY.json`);
    return 0;
  });
}

function publish(file: string): Promise<number> {
  const opened = openPaper(file);
  if (!opened.ok) return Promise.resolve(failWith(opened.code, opened.message));
  return withInstallation(async ({ config, features }) => {
    const trust = await features.trust.publish(config.organizationId, opened.paper.envelope, 'command-line');
    console.log(`Devices believe trust document ${trust.version} from their next contact on.`);
    return 0;
  });
}
