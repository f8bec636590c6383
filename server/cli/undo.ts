import { parseArgs } from 'node:util';
import { withInstallation } from './installation.ts';
import { alignColumns, timeOf, wrongUsage } from './terminal.ts';

/** `bootmend undo …`: has a past attempt taken back by the healthy Windows of its machine. */
export async function runUndo(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { reason: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [verb, incidentId, attemptId, ...more] = positionals;
  const { reason, json } = values;
  if (incidentId === undefined || more.length > 0) return wrongUsage('undo');
  return withInstallation(async ({ config: { organizationId }, features: { undos } }) => {
    if (verb === 'list' && attemptId === undefined) {
      const { orders } = await undos.list(organizationId, incidentId);
      const rows = orders.map(one => [
        one.attemptId,
        one.state,
        one.code ?? '',
        one.askedBy,
        timeOf(one.askedAt),
        one.reason,
      ]);
      const head = ['attempt', 'state', 'code', 'asked by', 'asked at', 'reason'];
      console.log(json ? JSON.stringify({ orders }) : alignColumns([head, ...rows]).join('\n'));
      return 0;
    }
    if (attemptId === undefined) return wrongUsage('undo');
    const place = { incidentId, attemptId };
    const actor = 'command-line';
    if (verb === 'ask' && reason !== undefined && reason !== '') {
      await undos.ask(organizationId, place, { actor, reason });
      console.log('Asked. The machine hears it at its next start, or within a day.');
      return 0;
    }
    if (verb !== 'withdraw') return wrongUsage('undo');
    await undos.withdraw(organizationId, place, actor);
    console.log('Withdrawn.');
    return 0;
  });
}
