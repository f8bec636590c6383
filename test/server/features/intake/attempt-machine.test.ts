import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  attemptEvents,
  attemptStates,
  attemptStatesBefore,
  isLive,
  nextAttemptState,
} from '../../../../server/features/intake/attempt-machine.ts';

/** Written by hand from the design: state, then each event with the state it leads to. */
const design: Record<string, string> = {
  issued:
    'applied>applied nothing-to-do>nothing-to-do not-applicable>not-applicable refused>refused undone>undone stuck>stuck recalled>recalled returned>returned booted>healed booted-without>not-applicable deadline>silent',
  applied: 'applied>applied undone>undone stuck>stuck returned>returned booted>healed deadline>silent',
  silent:
    'applied>applied nothing-to-do>nothing-to-do not-applicable>not-applicable refused>refused undone>undone stuck>stuck recalled>recalled returned>returned booted>healed',
  returned: 'returned>returned undone>undone stuck>stuck',
  undone: 'undone>undone returned>undone',
  stuck: 'stuck>stuck undone>undone returned>stuck',
  healed: 'undone>undone booted>healed',
  'not-applicable': 'not-applicable>not-applicable returned>not-applicable',
  'nothing-to-do': 'nothing-to-do>nothing-to-do returned>nothing-to-do',
  refused: 'refused>refused returned>refused',
  recalled: 'recalled>recalled refused>recalled returned>recalled',
};

test('every event in every state leads where the design says, or is illegal', () => {
  for (const state of attemptStates) {
    const row = new Map(design[state]!.split(' ').map(pair => pair.split('>') as [string, string]));
    for (const event of attemptEvents)
      assert.equal(nextAttemptState(state, event), row.get(event), `${event} in ${state}`);
  }
});

test('only an issued or applied attempt is live, and only a live one has a deadline', () => {
  assert.deepEqual(attemptStates.filter(isLive), ['issued', 'applied']);
  assert.deepEqual(attemptStatesBefore('deadline'), ['issued', 'applied']);
});

test('nothing but a booted Windows heals', () => {
  for (const state of attemptStates)
    for (const event of attemptEvents)
      if (nextAttemptState(state, event) === 'healed') assert.equal(event, 'booted');
});
