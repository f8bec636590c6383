import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPowerProblem } from '../../../agent/core/power.ts';

test('on a low or unknown battery nothing begins that cannot be taken back', () => {
  const battery = (percent?: number) => ({
    source: 'battery' as const,
    ...(percent !== undefined && { percent }),
  });
  for (const state of [battery(19), battery(0), battery()]) {
    assert.equal(findPowerProblem(state, ['reversible', 'one-way'])?.code, 'battery-low');
    assert.equal(findPowerProblem(state, ['repeatable'])?.code, 'battery-low');
    assert.equal(findPowerProblem(state, ['reversible']), undefined, 'renames take no time');
  }
  assert.match(findPowerProblem(battery(7), ['one-way'])?.message ?? '', /7 %.*Plug/);
  for (const state of [battery(20), { source: 'mains' as const, percent: 3 }, { source: 'unknown' as const }])
    assert.equal(findPowerProblem(state, ['one-way']), undefined);
});
