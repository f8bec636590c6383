import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  emptySource,
  factCondition,
  readForm,
  withAdvice,
  withCondition,
  withField,
  withoutCondition,
} from '../../../server/console/screens/known-issue/edit-source.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';

const source = emptySource('2026-01-01');

test('what a new known issue starts from has no mistakes', () => {
  assert.deepEqual(parseIssue(source).diagnostics, []);
});

test('a field that is typed goes into the text and leaves comments and order alone', () => {
  const commented = source.replace('vendor: Vendor', '# Who made it.\nvendor: Vendor # of the driver');
  const changed = withField(commented, 'vendor', 'Contoso: "Shield"');
  assert.match(changed, /# Who made it\.\nvendor: .*Contoso.* # of the driver\n/);
  assert.equal(readForm(changed)!.fields.vendor, 'Contoso: "Shield"');
  assert.equal(parseIssue(withField(source, 'priority', '900')).rule!.priority, 900);
  assert.doesNotMatch(withField(source, 'policy', ''), /^policy/m);
});

test('conditions are added and taken out, and advice is one step a line', () => {
  const two = withCondition(source, factCondition('driver.contoso.version', 'atLeast', '10'));
  assert.deepEqual(parseIssue(two).diagnostics, []);
  assert.deepEqual(readForm(two)!.conditions!.at(-1), { fact: 'driver.contoso.version', atLeast: '10' });
  assert.equal(readForm(withoutCondition(two, 0))!.conditions!.length, 1);
  assert.deepEqual(parseIssue(withAdvice(source, 'First.\n\nThen.')).issue!.advice, ['First.', 'Then.']);
  assert.deepEqual(factCondition('os.build', 'below', '22631'), { fact: 'os.build', below: 22_631 });
});

test('a text that is no YAML now is left as it is', () => {
  const broken = 'id: [';
  assert.equal(readForm(broken), undefined);
  assert.equal(withField(broken, 'title', 'x'), broken);
});
