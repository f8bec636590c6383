import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ChangeGathering } from '../../../server/console/api/change-gathering.ts';

test('a burst becomes one refresh, and what comes during a refresh becomes the next', async () => {
  const refreshes: string[][] = [];
  const answers: (() => void)[] = [];
  const gathering = new ChangeGathering(
    changed => {
      refreshes.push([...changed]);
      return new Promise<void>(resolve => answers.push(resolve));
    },
    () => Promise.resolve(),
  );
  for (const id of ['a', 'b', 'a']) gathering.add(id);
  await turn();
  assert.deepEqual(refreshes, [['a', 'b']]);
  gathering.add('c');
  gathering.add('d');
  await turn();
  assert.equal(refreshes.length, 1, 'the server has not answered yet');
  answers[0]?.();
  await turn();
  assert.deepEqual(refreshes, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
});
