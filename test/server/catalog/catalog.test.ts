import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Facts } from '../../../shared/facts/facts.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { parseRule } from '../../../shared/rules/parse-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';

const catalogue = path.join(import.meta.dirname, '../../../server/catalog');
const read = (...parts: string[]) => readFileSync(path.join(catalogue, ...parts), 'utf8');
const ids = readdirSync(catalogue, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);

describe('every entry of the catalogue', () => {
  for (const id of ids)
    test(id, () => {
      const { issue, rule, diagnostics } = parseIssue(read(id, 'issue.yaml'));
      assert.deepEqual(diagnostics, []);
      assert.equal(rule!.id, id, 'an entry is called like its folder');
      assert.ok(
        isDeepStrictEqual(parseRule(JSON.parse(JSON.stringify(rule))), rule),
        'its rule is plain JSON',
      );
      assert.equal(evaluateRule(rule!, {}).verdict, 'unknown', 'it matches no machine that says nothing');

      if (issue!.remediation === undefined) return assert.ok(issue!.advice, 'it helps at least in words');
      const text = read(id, issue!.remediation);
      const { script, diagnostics: mistakes } = checkScript(text);
      assert.deepEqual(mistakes, []);
      assert.equal(formatScript(script!), text, 'its script is in the one layout');
      assert.ok(script!.about?.tell, 'it tells the person before the machine what is happening');
    });
});

describe('CrowdStrike, 19 July 2024', () => {
  const { rule } = parseIssue(read('crowdstrike-2024-07-19', 'issue.yaml'));
  const folder = String.raw`%systemroot%\system32\drivers\crowdstrike`;
  const fileAt = (time: string): Facts => ({
    [`file.${folder}\\c-00000291-${time.replaceAll(':', '')}.sys`]: {
      sizeBytes: 41_004,
      writtenAt: `2024-07-19T${time}.000Z`,
    },
  });
  const base: Facts = {
    'driver.csagent.version': '7.15.18513.0',
    [`searched.${folder}\\*`]: { files: 12 },
    [`file.${folder}\\c-00000291-old.sys`]: { sizeBytes: 40_000, writtenAt: '2024-07-12T09:00:00.000Z' },
  };
  const verdictOf = (facts: Facts) => evaluateRule(rule!, facts).verdict;

  test('a machine with the faulty file matches', () => {
    assert.equal(verdictOf({ ...base, ...fileAt('04:09:00') }), 'matched');
    assert.equal(verdictOf({ ...base, ...fileAt('05:26:59') }), 'matched');
  });

  test('an older file alone, a corrected one, or one beside the faulty one do not', () => {
    assert.equal(verdictOf(base), 'failed');
    assert.equal(verdictOf({ ...base, ...fileAt('05:27:00') }), 'failed');
    assert.equal(verdictOf({ ...base, ...fileAt('04:09:33'), ...fileAt('05:27:00') }), 'failed');
  });

  test('a sensor before 7.11 does not', () => {
    assert.equal(
      verdictOf({ ...base, ...fileAt('04:09:33'), 'driver.csagent.version': '7.10.99999.0' }),
      'failed',
    );
  });

  test('a machine that did not search the folder is not decided', () => {
    const { [`searched.${folder}\\*`]: _, ...unsearched } = base;
    const evaluation = evaluateRule(rule!, { ...unsearched, ...fileAt('04:09:33') });
    assert.equal(evaluation.verdict, 'unknown');
    assert.equal(evaluation.probes.length, 1);
  });
});
