import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Leases } from '../../../server/db/leases.ts';
import { JobRunner } from '../../../server/jobs/job-runner.ts';
import { scheduleOf, type TimedJob } from '../../../server/jobs/schedule.ts';
import { withDatabase } from '../../support/database.ts';
import { silentLog } from '../../support/silent-log.ts';

const at = new Date('2026-01-01T12:34:00Z');

test('of two servers one runs each firing', async () => {
  const { database } = await withDatabase();
  const ran: string[] = [];
  const runner = (owner: string) => {
    const job: TimedJob = {
      name: 'count',
      when: '* * * * *',
      leaseSeconds: 50,
      work: async now => void ran.push(now.toISOString()),
    };
    const one = new JobRunner([job], new Leases(database, owner), silentLog);
    return (when: Date) => one.fire(job, when);
  };
  const [a, b] = [runner('a'), runner('b')];
  const later = new Date(at.getTime() + 60_000);
  await Promise.all([a(at), b(at)]);
  await Promise.all([b(later), a(later)]);
  assert.deepEqual(ran, [at.toISOString(), later.toISOString()]);
});

test('a job that fails is logged and keeps nothing else from running', async () => {
  const { database } = await withDatabase();
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (...told: unknown[]) => void warnings.push(told) };
  const job: TimedJob = {
    name: 'broken',
    when: '* * * * *',
    leaseSeconds: 50,
    work: async () => {
      throw new Error('no');
    },
  };
  const runner = new JobRunner([job], new Leases(database, 'a'), log);
  await runner.fire(job, at);
  assert.equal(warnings.length, 1);
});

test('stopping waits for the work that runs', async () => {
  const { database } = await withDatabase();
  let finish: () => void = () => {};
  let started: () => void = () => {};
  const running = new Promise<void>(resolve => {
    started = resolve;
  });
  const job: TimedJob = {
    name: 'slow',
    when: '* * * * *',
    leaseSeconds: 50,
    work: () => {
      started();
      return new Promise(resolve => {
        finish = resolve;
      });
    },
  };
  const runner = new JobRunner([job], new Leases(database, 'a'), silentLog);
  runner.start();
  void runner.fire(job, at);
  await running;
  let stopped = false;
  const stopping = runner.stop().then(() => (stopped = true));
  await new Promise(setImmediate);
  assert.equal(stopped, false);
  finish();
  await stopping;
});

test('the schedule names every timer once, with a lease shorter than its pause', () => {
  const nothing = async () => {};
  const jobs = scheduleOf({
    failSilentDevices: nothing,
    countClosed: nothing,
    sumDeviceTally: nothing,
    matchAgain: nothing,
    expireEvidence: nothing,
    forgetExpired: nothing,
  });
  assert.equal(new Set(jobs.map(job => job.name)).size, jobs.length);
  for (const job of jobs) assert.ok(job.leaseSeconds < (job.when.startsWith('*') ? 60 : 86_400), job.name);
});
