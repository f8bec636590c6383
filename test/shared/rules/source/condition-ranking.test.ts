import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../../../shared/facts/facts.ts';
import { ConditionRanking } from '../../../../shared/rules/source/condition-ranking.ts';

const many = (count: number, of: (n: number) => Facts): Facts[] =>
  Array.from({ length: count }, (_, n) => of(n));

/** 415 machines that a driver stops; three of them tell of another module. */
const failing = many(415, n => ({
  'os.build': 22_631,
  'crash.code': '0x7e',
  'crash.module': n < 412 ? 'contoso.sys' : 'ntoskrnl.exe',
  'driver.contoso.version': '10.0.1.0',
})) as [Facts, ...Facts[]];
/** 9,200 healthy ones: most on the same build, 3 with the driver that stops others. */
const healthy = many(9200, n => ({
  'os.build': n % 10 === 0 ? 19_045 : 22_631,
  'driver.contoso.version': n < 3 ? '10.0.1.0' : '9.1.0.0',
}));
/** Machines that failed otherwise, with the same stop code. */
const others = many(200, () => ({ 'os.build': 22_631, 'crash.code': '0x7e', 'crash.module': 'other.sys' }));

const proposalOf = (ranking: ConditionRanking, fact: string) =>
  ranking.rank().find(one => 'fact' in one.source && one.source.fact === fact)!;

test('conditions are counted on failing machines, on healthy ones and on those that failed otherwise', () => {
  const ranking = new ConditionRanking(failing);
  for (let at = 0; at < healthy.length; at += 500) ranking.add('healthy', healthy.slice(at, at + 500));
  ranking.add('others', others);
  const counts = (fact: string) => {
    const one = proposalOf(ranking, fact);
    return [one.failing, one.healthy, one.others];
  };
  assert.deepEqual([ranking.size('healthy'), ranking.size('others')], [9200, 200]);
  assert.deepEqual(counts('driver.contoso.version'), [415, 3, 0]);
  assert.deepEqual(counts('crash.module'), [412, 0, 0]);
  assert.deepEqual(counts('crash.code'), [415, 0, 200]);
  assert.deepEqual(counts('os.build'), [415, 8280, 200]);
  const order = ranking.rank().map(one => ('fact' in one.source ? one.source.fact : ''));
  assert.deepEqual(order.slice(0, 2).toSorted(), ['crash.module', 'driver.contoso.version']);
  assert.deepEqual(
    ranking
      .rank()
      .filter(one => one.isChosen)
      .map(one => one.failing >= 412),
    [true, true],
  );
});

test('both sides count, however many machines each has', () => {
  const alone = new ConditionRanking(failing);
  alone.add('healthy', healthy);
  const withOthers = new ConditionRanking(failing);
  withOthers.add('healthy', healthy);
  withOthers.add('others', others);
  const placeOf = (ranking: ConditionRanking) =>
    ranking.rank().findIndex(one => 'fact' in one.source && one.source.fact === 'crash.code');
  assert.equal(placeOf(alone), 0, 'no healthy machine crashed with it');
  assert.equal(proposalOf(withOthers, 'crash.code').isChosen, false, 'but every other failure did');
});

test('the order of batches changes nothing, and without another side everything is left to a person', () => {
  const one = new ConditionRanking(failing);
  one.add('healthy', healthy);
  const other = new ConditionRanking(failing);
  for (const part of [healthy.slice(5000), healthy.slice(0, 5000)]) other.add('healthy', part);
  assert.deepEqual(other.rank(), one.rank());
  const none = new ConditionRanking(failing).rank();
  assert.ok(none.every(({ healthy: held, others: wrong }) => held + wrong === 0));
});
