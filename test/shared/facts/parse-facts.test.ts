import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxFacts, parseFacts } from '../../../shared/facts/parse-facts.ts';

test('facts of the vocabulary stay, others are named and dropped', () => {
  const facts = {
    'crash.code': '0x50',
    'os.build': 22_631,
    [String.raw`file.%systemroot%\a.sys`]: { sizeBytes: 1, writtenAt: '2024-07-19T04:09:00.000Z' },
    [String.raw`searched.%systemroot%\*`]: { files: 3, writtenSince: '2024-07-18T00:00:00.000Z' },
  };
  const parsed = parseFacts({
    ...facts,
    'crash.colour': 'blue',
    'os.revision': 'many',
    'crash.parameter.': '0x1',
  });
  assert.deepEqual(parsed.facts, facts);
  assert.deepEqual(parsed.dropped, ['crash.colour', 'os.revision', 'crash.parameter.']);
});

test('no more facts are read than a check-in may carry', () => {
  const many = Object.fromEntries(
    Array.from({ length: maxFacts + 5 }, (_, i) => [`driver.d${i}.version`, '1.0']),
  );
  assert.equal(Object.keys(parseFacts(many).facts).length, maxFacts);
});
