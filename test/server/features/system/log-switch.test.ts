import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Sql } from '../../../../server/db/sql.ts';
import type { AuditAction } from '../../../../server/features/audit/audit-entry.ts';
import { type LogLevelHolder, LogSwitch } from '../../../../server/features/system/log-switch.ts';
import type { SignedIn } from '../../../../server/http/console-session.ts';

const anna: SignedIn = {
  organizationId: 'organization',
  accountId: 'anna',
  name: 'anna',
  role: 'admin',
  actor: 'account:anna',
};
const noSql = {} as Sql;

function switchOver({ audit = async () => {} }: { audit?: (action: AuditAction) => Promise<void> } = {}) {
  const holder: LogLevelHolder = { level: 'warn' };
  const logSwitch = new LogSwitch({
    holder,
    transactions: { transaction: work => work(noSql) },
    audit: { append: (_sql, action) => audit(action) },
    clock: () => new Date('2026-03-01T03:00:00Z'),
  });
  return { holder, logSwitch };
}

test('the level of the log goes back by itself when its minutes are over', async context => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  const { holder, logSwitch } = switchOver();

  const view = await logSwitch.change(anna, { level: 'debug', minutes: 5 });
  assert.deepEqual(view, { level: 'debug', usual: 'warn', endsAt: '2026-03-01T03:05:00.000Z' });
  mock.timers.tick(5 * 60_000 - 1);
  assert.equal(holder.level, 'debug');
  mock.timers.tick(1);
  assert.equal(holder.level, 'warn');
  assert.deepEqual(logSwitch.view(), { level: 'warn', usual: 'warn' });
});

test('a second change counts its own minutes, and those of the first end nothing', async context => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  const { holder, logSwitch } = switchOver();

  await logSwitch.change(anna, { level: 'debug', minutes: 5 });
  mock.timers.tick(4 * 60_000);
  await logSwitch.change(anna, { level: 'info', minutes: 10 });
  mock.timers.tick(9 * 60_000);
  assert.equal(holder.level, 'info');
  mock.timers.tick(60_000);
  assert.equal(holder.level, 'warn');
});

test('what cannot be written into the audit log changes nothing', async () => {
  const { holder, logSwitch } = switchOver({ audit: () => Promise.reject(new Error('no database')) });

  await assert.rejects(logSwitch.change(anna, { level: 'debug', minutes: 5 }), /no database/);
  assert.equal(holder.level, 'warn');
});
