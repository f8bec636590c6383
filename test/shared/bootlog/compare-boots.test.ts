import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNtbtlog } from '../../../agent/lab/evidence/ntbtlog.ts';
import { compareWithGoodBoot } from '../../../shared/bootlog/compare-boots.ts';
import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';

const path = (name: string) => `\\SystemRoot\\System32\\drivers\\${name}`;
const boot = (minute: number, ...names: string[]) => ({
  startedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  osBuild: 22631,
  loaded: names.map(path),
});

function compare(...boots: ReturnType<typeof boot>[]) {
  const result = readBootLog(buildNtbtlog(boots));
  assert.ok(result.ok);
  const difference = compareWithGoodBoot(result.log);
  return (
    difference && {
      good: difference.good.startedAtLocal,
      missing: difference.missing.map(entry => entry.name),
      added: difference.added.map(entry => entry.name),
    }
  );
}

test('a start that ended early is compared with the newest one that went further', () => {
  assert.deepEqual(
    compare(
      boot(1, 'a.sys', 'b.sys', 'c.sys', 'd.sys', 'e.sys'),
      boot(2, 'a.sys', 'b.sys', 'c.sys', 'd.sys'),
      boot(3, 'a.sys', 'new.sys'),
      boot(4, 'A.SYS', 'new.sys'),
    ),
    { good: '2026-01-01T00:02:00.000', missing: ['b.sys', 'c.sys', 'd.sys'], added: ['new.sys'] },
  );
});

test('a driver that is named many times counts once', () => {
  assert.deepEqual(compare(boot(1, 'a.sys', 'b.sys', 'b.sys'), boot(2, 'a.sys', 'a.sys', 'a.sys')), {
    good: '2026-01-01T00:01:00.000',
    missing: ['b.sys'],
    added: [],
  });
});

test('without a start that went further there is nothing to compare with', () => {
  assert.equal(compare(boot(1, 'a.sys')), undefined);
  assert.equal(compare(boot(1, 'a.sys'), boot(2, 'a.sys', 'b.sys')), undefined);
});
