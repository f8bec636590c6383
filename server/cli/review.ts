import { parseArgs } from 'node:util';
import { checkScript } from '../../shared/remediation/check-script.ts';
import { sayReach } from '../../shared/api/say-reach.ts';
import { riskOf } from '../../shared/remediation/syntax-tree.ts';
import { withInstallation } from './installation.ts';
import { writePaper } from './signing-paper.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend review REMEDIATION --to PAPER [--days N]`: writes the newest version of a script for approvers to read and sign. */
export async function runReview(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { to: { type: 'string' }, days: { type: 'string', default: '30' } },
  });
  const [remediationId, ...more] = positionals;
  const [file, days] = [values.to, Number(values.days)];
  if (remediationId === undefined || more.length > 0 || file === undefined || !(days >= 1 && days <= 366)) {
    return wrongUsage('review');
  }
  return withInstallation(async ({ config, database, features }) => {
    const { organizationId } = config;
    const newest = await features.remediations.findNewest(database, organizationId, remediationId);
    if (!newest)
      return failWith(
        'no-such-remediation',
        `No remediation ${remediationId} is stored here. Start the server once to load the catalogue.`,
      );
    const { script, diagnostics } = checkScript(newest.text);
    if (!script)
      return failWith('script-has-mistakes', diagnostics[0]?.message ?? 'The script has mistakes.');
    const now = Date.now();
    const approval = {
      type: 'approval' as const,
      organization: organizationId,
      remediationId,
      version: newest.version,
      scriptSha256: newest.sha256,
      risk: riskOf(script),
      sequence: await features.approvals.readNextSequence(organizationId),
      approvedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + days * 86_400_000).toISOString(),
      devices: { kind: 'every-device' as const, where: [] },
    };
    for (const line of sayReach(await features.scriptReach.of(organizationId, script))) console.log(line);
    writePaper(file, { kind: 'approval', approval, script: newest.text });
    console.log(
      `${remediationId} version ${newest.version} is in ${file}. Next: bootmend sign ${file} --key KEY.json`,
    );
    return 0;
  });
}
