import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  incidentEvents,
  incidentStatesBefore,
  incidentTable,
  isFinal,
  nextIncidentState,
} from '../../../../server/features/intake/incident-machine.ts';
import { incidentStates } from '../../../../shared/api/incident.ts';

/** Written by hand from the design, not from the code: state, event, next state. */
const design = `
open            explained       matched
open            unexplained     unexplained
open            person-needed   awaiting-person
open            marked-healed   healed-by-hand
unexplained     explained       matched
unexplained     unexplained     unexplained
unexplained     person-needed   awaiting-person
unexplained     marked-healed   healed-by-hand
matched         explained       matched
matched         unexplained     unexplained
matched         person-needed   awaiting-person
matched         marked-healed   healed-by-hand
matched         order-issued    treating
awaiting-person explained       matched
awaiting-person unexplained     unexplained
awaiting-person person-needed   awaiting-person
awaiting-person marked-healed   healed-by-hand
awaiting-person attempt-applied confirming
awaiting-person attempt-ended   awaiting-person
treating        order-issued    treating
treating        attempt-applied confirming
treating        attempt-ended   matched
treating        person-needed   awaiting-person
confirming      attempt-applied confirming
confirming      attempt-ended   matched
confirming      person-needed   awaiting-person
`;
const ends = [
  ['booted-healed', 'healed'],
  ['booted-by-hand', 'healed-by-hand'],
  ['superseded', 'given-up'],
  ['retired', 'given-up'],
  ['forgotten', 'given-up'],
] as const;
const finals = ['healed', 'healed-by-hand', 'given-up'];

const expected = new Map<string, string>();
for (const line of design.trim().split('\n')) {
  const [state, event, next] = line.split(/\s+/);
  expected.set(`${state} ${event}`, next!);
}
for (const state of incidentStates)
  for (const [event, next] of ends) if (!finals.includes(state)) expected.set(`${state} ${event}`, next);

test('every event in every state leads where the design says, or is illegal', () => {
  for (const state of incidentStates)
    for (const event of incidentEvents)
      assert.equal(
        nextIncidentState(state, event),
        expected.get(`${state} ${event}`),
        `${event} in ${state}`,
      );
});

test('an incident is final exactly when nothing can happen to it', () => {
  for (const state of incidentStates) {
    assert.equal(isFinal(state), finals.includes(state));
    assert.equal(Object.keys(incidentTable[state]).length === 0, finals.includes(state));
  }
});

test('the states before an event are those in which it is legal', () => {
  assert.deepEqual(incidentStatesBefore('order-issued'), ['matched', 'treating']);
});
