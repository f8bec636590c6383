import assert from 'node:assert/strict';
import { test } from 'node:test';
import { privacyClasses } from '../../../shared/facts/fact-definition.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { findDefinition, lowerVariablePart, sayFact, vocabulary } from '../../../shared/facts/vocabulary.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import { checkBlock, code, table } from '../../support/document-tables.ts';

test('every example is a fact of its own definition', () => {
  for (const definition of vocabulary) {
    const [name, value] = definition.example;
    assert.equal(findDefinition(name), definition, name);
    assert.deepEqual(parseFacts({ [name]: value }), { facts: { [name]: value }, dropped: [] });
    assert.equal(lowerVariablePart(name), name, 'the variable part is lower case');
  }
});

test('names are told once, and a longer family comes before a shorter one', () => {
  assert.equal(new Set(vocabulary.map(one => one.name)).size, vocabulary.length);
  assert.equal(findDefinition('update.kb1.installedAt')?.type, 'instant');
  assert.equal(findDefinition('update.waiting')?.name, 'update.waiting');
  assert.equal(findDefinition('update.kb1')?.name, 'update.*');
  assert.equal(sayFact('service.csagent.imagePath'), 'image path of service csagent');
});

test('a known issue may write the variable part as people do', () => {
  for (const [written, told] of [
    ['update.KB5039895', 'update.kb5039895'],
    ['service.CSAgent.imagePath', 'service.csagent.imagePath'],
    ['Driver.CSAgent.version', 'driver.csagent.version'],
    ['os.productType', 'os.productType'],
  ])
    assert.equal(lowerVariablePart(written!), told);
  const { diagnostics } = parseIssue(
    'when:\n  all:\n    - fact: service.CSAgent.imagePath\n      like: "*x*"\n',
  );
  assert.ok(!diagnostics.some(one => one.code === 'unknown-fact'));
});

test('docs/facts.md says what the code says: facts', () =>
  checkBlock(
    'docs/facts.md',
    'facts',
    table(
      ['fact', 'type', 'meaning', 'from', 'privacy', 'example'],
      vocabulary.map(({ name, type, unit, meaning, source, privacy, example: [exampleName, value] }) => [
        code(name),
        type,
        unit === undefined ? meaning : `${meaning} (${unit})`,
        source,
        privacy,
        `${name === exampleName ? '' : `${code(exampleName)} = `}${code(JSON.stringify(value))}`,
      ]),
    ),
  ));

test('docs/facts.md says what the code says: privacy classes', () =>
  checkBlock(
    'docs/facts.md',
    'privacy',
    table(
      ['class', 'what is in it'],
      Object.entries(privacyClasses).map(([name, meaning]) => [name, meaning]),
    ),
  ));
