import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIncidentSearch } from '../../../server/console/screens/incident/incident-search.ts';
import { parseIncidentsSearch } from '../../../server/console/screens/incidents/incidents-search.ts';
import { parseSignInSearch } from '../../../server/console/screens/sign-in/sign-in-search.ts';

test('sign-in leads to addresses of this console only', () => {
  assert.deepEqual(parseSignInSearch({ to: '/incidents/1?tab=crash' }), { to: '/incidents/1?tab=crash' });
  for (const to of [
    '//example.org',
    '/\\example.org',
    'https://example.org',
    'javascript:alert(1)',
    '/sign-in',
    7,
    undefined,
  ])
    assert.deepEqual(parseSignInSearch({ to }), {}, String(to));
});

test('what an address says and nobody knows is left out', () => {
  assert.deepEqual(parseIncidentsSearch({ state: 'person', search: 4711, selected: 'x' }), {
    state: 'person',
    search: '4711',
    selected: 'x',
  });
  assert.deepEqual(parseIncidentsSearch({ state: 'toString', search: {}, selected: 1 }), {});
  assert.deepEqual(parseIncidentSearch({ tab: 'crash' }), { tab: 'crash' });
  assert.deepEqual(parseIncidentSearch({ tab: 'constructor' }), {});
});
