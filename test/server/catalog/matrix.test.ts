import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { compileRules } from '../../../shared/rules/compile-rules.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import { healMachine } from './heal-machine.ts';

const catalogue = path.join(import.meta.dirname, '../../../server/catalog');
const ids = readdirSync(catalogue, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);
const issues = ids.map(id => {
  const { issue, rule } = parseIssue(readFileSync(path.join(catalogue, id, 'issue.yaml'), 'utf8'));
  assert.ok(issue && rule, `${id} can be read`);
  return { id, issue, rule };
});
const rules = compileRules(issues.map(one => one.rule));

function scriptOf(id: string): string | undefined {
  const file = path.join(catalogue, id, 'remediation.mend');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function load(id: string): Promise<{ machine: LabMachine; nearMiss: LabMachine }> {
  const at = (file: string) => new URL(`../../../server/catalog/${id}/${file}.ts`, import.meta.url).href;
  const { machine } = (await import(at('machine'))) as { machine: LabMachine };
  const { nearMiss } = (await import(at('near-miss'))) as { nearMiss: LabMachine };
  return { machine, nearMiss };
}

describe('of the whole catalogue, each machine', () => {
  for (const { id, issue } of issues) {
    const end = issue.remediation === undefined ? 'is left to a person' : 'is healed';
    test(`${id}: has this issue alone and ${end}`, async () => {
      const { machine } = await load(id);
      const { matched, outcomes, judgement, log } = await healMachine(machine, rules, scriptOf);
      const story = JSON.stringify({ outcomes, judgement, log }, null, 1);
      assert.deepEqual(matched, [id], story);
      if (issue.remediation === undefined)
        return assert.deepEqual(
          [outcomes, judgement.deleted, judgement.changed, judgement.added],
          [[], [], [], []],
          story,
        );
      assert.deepEqual(
        outcomes.map(one => one.state),
        ['applied'],
        story,
      );
      assert.ok(judgement.healed, story);
    });

    test(`${id}: its near miss has none and is not touched`, async () => {
      const { nearMiss } = await load(id);
      const { matched, outcomes, judgement, log } = await healMachine(nearMiss, rules, scriptOf);
      const story = JSON.stringify({ outcomes, judgement, log }, null, 1);
      assert.deepEqual(matched, [], story);
      assert.deepEqual(
        [outcomes, judgement.deleted, judgement.changed, judgement.added],
        [[], [], [], []],
        story,
      );
    });
  }
});
