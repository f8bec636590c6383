import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod/mini';
import { incidentStates } from '../../../shared/api/incident.ts';
import { durationText, sizeText } from '../../../server/console/words/amounts.ts';
import { compareTexts } from '../../../server/console/words/compare-texts.ts';
import { marks, statesOf } from '../../../server/console/words/states.ts';
import { schemaText } from '../../../server/console/words/schema-text.ts';
import { agoText, offsetText, utcText } from '../../../server/console/words/times.ts';
import { countAll, listVerdict, worstMark } from '../../../server/console/words/verdict.ts';

test('every state of an incident has exactly one mark', () => {
  assert.deepEqual(marks.flatMap(statesOf).sort(), [...incidentStates].sort());
});

const verdicts: [Parameters<typeof listVerdict>[0], string][] = [
  [{ healed: 40 }, 'No machine is waiting for help. Nothing needs you.'],
  [{ 'awaiting-person': 1 }, 'One machine is not back yet. One needs you.'],
  [{ treating: 1, healed: 3 }, 'One machine is not back yet and is being healed now. Nothing needs you.'],
  [
    { treating: 2, confirming: 1 },
    'Three machines are not back yet and all are being healed now. Nothing needs you.',
  ],
  [
    { open: 20, treating: 388, unexplained: 4 },
    '412 machines are not back yet. 388 are being healed now. Four need you.',
  ],
];
for (const [counts, sentence] of verdicts)
  test(`the first line says: ${sentence}`, () => assert.equal(listVerdict(counts), sentence));

test('what waits for a person beside machines is in the first line, too', () => {
  assert.equal(listVerdict({ healed: 40 }, 1), 'No machine is waiting for help. One thing needs you.');
  assert.equal(
    listVerdict({ open: 2, unexplained: 1 }, 2),
    'Three machines are not back yet. One needs you, and two things more.',
  );
});

test('the icon of the list shows the worst that somebody waits for', () => {
  assert.equal(worstMark({ healed: 3, treating: 1, unexplained: 1 }), 'person');
  assert.equal(worstMark({ healed: 3, treating: 1 }), 'healing');
  assert.equal(worstMark({ healed: 3 }), 'healed');
  assert.equal(worstMark({}), undefined);
  assert.equal(countAll({ healed: 3, 'given-up': 2 }), 5);
});

test('amounts carry the unit a person would say', () => {
  assert.equal(sizeText(512), '512 bytes');
  assert.equal(sizeText(1500), '1.5 kB');
  assert.equal(sizeText(113_664), '114 kB');
  assert.equal(sizeText(3_358_720), '3.4 MB');
  assert.equal(durationText(71_000), '71 s');
  assert.equal(durationText(12 * 60_000), '12 min');
  assert.equal(durationText(185 * 60_000), '3 h 5 min');
  assert.equal(durationText(72 * 3_600_000), '3 days');
});

test('times are short in lists and exact in UTC', () => {
  const nowMs = Date.parse('2026-11-20T12:00:00.000Z');
  assert.equal(agoText('2026-11-20T11:59:30.000Z', nowMs), 'just now');
  assert.equal(agoText('2026-11-20T11:48:00.000Z', nowMs), '12 min ago');
  assert.match(agoText('2024-07-19T04:09:00.000Z', nowMs), /^(18|19) Jul 2024$/);
  assert.equal(utcText('2024-07-19T04:09:33.481Z'), '2024-07-19 04:09:33 UTC');
  assert.equal(offsetText('2026-11-20T12:00:00.310Z', '2026-11-20T12:00:00.000Z'), '+0.3 s');
  assert.equal(offsetText('2026-11-20T12:00:13.000Z', '2026-11-20T12:00:00.000Z'), '+13 s');
});

test('a schema reads like code: what may be missing, what is one of few, what is a list', () => {
  const schema = z.toJSONSchema(
    z.object({
      at: z.iso.datetime(),
      next: z.optional(z.string()),
      rows: z.array(z.object({ state: z.enum(['down', 'up']) })),
      counts: z.record(z.string(), z.int()),
    }),
    { io: 'input' },
  );
  assert.equal(
    schemaText(schema),
    `{
  at: instant
  next?: string
  rows: {
    state: "down" | "up"
  }[]
  counts: {
    [name]: whole number
  }
}`,
  );
});

test('of two machines what is different comes first, and of that what both tell', () => {
  const comparison = compareTexts(
    new Map([
      ['a', 'only here'],
      ['b', 'same'],
      ['c', 'one'],
    ]),
    new Map([
      ['b', 'same'],
      ['c', 'two'],
      ['d', 'only there'],
    ]),
  );
  assert.deepEqual(
    comparison.differing.map(one => one.name),
    ['c', 'a', 'd'],
  );
  assert.deepEqual(
    comparison.same.map(one => one.name),
    ['b'],
  );
});
