import { parseArgs } from 'node:util';
import { withInstallation } from './installation.ts';
import { alignColumns, timeOf, wrongUsage } from './terminal.ts';

/** `bootmend devices [--json]`: every machine with its score, the least ready first, and what it lacks. */
export async function runDevices(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (positionals.length > 0) return wrongUsage('devices');
  return withInstallation(async ({ config, features }) => {
    const devices = await features.readiness.list(config.organizationId);
    if (values.json) {
      console.log(JSON.stringify(devices));
      return 0;
    }
    const rows = devices.map(({ name, state, score, agentVersion, receivedAt, findings }) => [
      score === null ? '-' : String(score),
      name,
      state,
      agentVersion ?? '',
      receivedAt === null ? 'never told' : timeOf(receivedAt.toISOString()),
      (findings ?? []).flatMap(one => (one.state === 'good' ? [] : [one.code])).join(', '),
    ]);
    console.log(alignColumns([['score', 'name', 'state', 'agent', 'told at', 'lacks'], ...rows]).join('\n'));
    return 0;
  });
}
