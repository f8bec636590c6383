import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { OfflineBundleDocument } from '../../shared/trust/documents.ts';
import { withInstallation } from './installation.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** What a device takes of an envelope, in characters of its payload. */
const maxPayloadLength = 262_144;

/**
 * `bootmend bundle --to FILE`: what machines without a network may decide by themselves, sealed. It holds every known
 * issue that is healed automatically and whose script enough approvers signed, as the server would decide now.
 */
export async function runBundle(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { to: { type: 'string' }, days: { type: 'string', default: '90' } },
  });
  const [file, days] = [values.to, Number(values.days)];
  if (positionals.length > 0 || file === undefined || !(days >= 1 && days <= 90)) return wrongUsage('bundle');
  return withInstallation(async ({ config, database, features, onlineKey }) => {
    const { organizationId } = config;
    const remedies: OfflineBundleDocument['remedies'] = [];
    const leftOut: string[] = [];
    for (const { rule, remediationId } of await features.knownIssues.listAutomatic(organizationId)) {
      const script = await features.remediations.findNewest(database, organizationId, remediationId);
      const approval = script && (await features.approvals.findComplete(organizationId, script.sha256));
      if (!script || !approval) leftOut.push(rule.id);
      else {
        const compiled = JSON.parse(JSON.stringify(rule)) as (typeof remedies)[number]['rule'];
        remedies.push({ rule: compiled, remediationId, approval, script: script.text });
      }
    }
    if (remedies.length === 0)
      return failWith(
        'nothing-approved',
        'No known issue has an approved script; review and sign one first.',
      );
    const now = Date.now();
    const sealed = await onlineKey.sealOfflineBundle({
      type: 'offline-bundle',
      organization: organizationId,
      version: Math.floor(now / 1000),
      expiresAt: new Date(now + days * 86_400_000).toISOString(),
      remedies,
    });
    if (sealed.payload.length > maxPayloadLength)
      return failWith('bundle-too-large', `${remedies.length} issues do not fit into one bundle.`);
    writeFileSync(file, JSON.stringify(sealed), { flag: 'wx' });
    console.log(
      `The bundle in ${file} heals ${remedies.length === 1 ? 'one issue' : `${remedies.length} issues`} without a network, for ${days} days.`,
    );
    if (leftOut.length > 0) console.log(`Left out, not approved: ${leftOut.join(', ')}.`);
    return 0;
  });
}
