import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Sql } from '../../../../server/db/sql.ts';
import type { AuditAction } from '../../../../server/features/audit/audit-entry.ts';
import { type LogLevelHolder, LogSwitch } from '../../../../server/features/system/log-switch.ts';
import type { SignedIn } from '../../../../server/http/console-session.ts';
import type { Log } from '../../../../server/logging/log.ts';
import { silentLog } from '../../../support/silent-log.ts';

const anna: SignedIn = {
  organizationId: 'organization',
  accountId: 'anna',
  name: 'anna',
  role: 'admin',
  actor: 'account:anna',
};
const noSql = {} as Sql;

function switchOver({
  audit = async () => {},
  log = silentLog,
}: { audit?: (action: AuditAction) => Promise<void>; log?: Log } = {}) {
  const holder: LogLevelHolder = { level: 'warn' };
  const logSwitch = new LogSwitch({
    holder,
    transactions: { transaction: work => work(noSql) },
    audit: { append: (_sql, action) => audit(action) },
    log,
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

test('the audit log tells that the level went back, once and only where it had changed', async () => {
  const told: AuditAction[] = [];
  const { logSwitch } = switchOver({ audit: async action => void told.push(action) });

  await logSwitch.goBack();
  assert.deepEqual(told, []);
  await logSwitch.change(anna, { level: 'debug', minutes: 5 });
  await logSwitch.goBack();
  await logSwitch.goBack();
  assert.deepEqual(told.slice(1), [
    {
      organizationId: 'organization',
      actor: 'server',
      action: 'log-level-went-back',
      subject: 'server',
      detail: { level: 'warn' },
    },
  ]);
});

test('the level goes back also while the audit log cannot be written, and the log says so', async () => {
  const warnings: string[] = [];
  let isAway = false;
  const { holder, logSwitch } = switchOver({
    audit: () => (isAway ? Promise.reject(new Error('no database')) : Promise.resolve()),
    log: { ...silentLog, warn: message => void warnings.push(message) },
  });

  await logSwitch.change(anna, { level: 'debug', minutes: 5 });
  isAway = true;
  await logSwitch.goBack();
  assert.equal(holder.level, 'warn');
  assert.deepEqual(warnings, ['the level of the log went back without an audit entry']);
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
