import { parseArgs } from 'node:util';
import { withInstallation } from './installation.ts';
import { openPaper } from './signing-paper.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend approve PAPER`: brings a signed approval back to the server, which checks every signature. */
export async function runApprove(argv: string[]): Promise<number> {
  const { positionals } = parseArgs({ args: argv, allowPositionals: true });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return wrongUsage('approve');
  const opened = openPaper(file);
  if (!opened.ok) return failWith(opened.code, opened.message);
  return withInstallation(async ({ config, features }) => {
    const { approval, signers, threshold, complete } = await features.approvals.add(
      config.organizationId,
      opened.paper.envelope,
      'command-line',
    );
    const state = complete
      ? 'Machines that match may run it now.'
      : 'More approvers have to sign before it runs.';
    console.log(`${approval.remediationId}: ${signers.length} of ${threshold} signatures. ${state}`);
    return 0;
  });
}
