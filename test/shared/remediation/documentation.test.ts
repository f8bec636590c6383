import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { format } from 'prettier';
import { vocabulary } from '../../../shared/facts/vocabulary.ts';
import { actionDefinitions } from '../../../shared/remediation/action-table.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { conditionDefinitions } from '../../../shared/remediation/condition-table.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { protectedKeys } from '../../../shared/remediation/protected-keys.ts';
import { protectedPlaces } from '../../../shared/remediation/protected-places.ts';
import { clauseForms } from '../../../shared/remediation/read-clauses.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';

const docs = path.join(import.meta.dirname, '../../../docs');

const row = (cells: readonly string[]) =>
  `| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text: string) => `\`${text}\``;

const blocks: Readonly<Record<string, string>> = {
  actions: table(
    ['action', 'class', 'does', 'clauses', 'undo', 'verified by itself', 'traps', 'source'],
    actionDefinitions.map(one => [
      code(one.form),
      one.class,
      one.meaning,
      one.clauses.map(name => code(clauseForms[name])).join(', '),
      one.undo,
      one.verify,
      one.traps.join(' '),
      one.source,
    ]),
  ),
  conditions: table(
    ['condition', 'holds when', 'evidence'],
    conditionDefinitions.map(one => [code(one.form), one.meaning, one.evidence]),
  ),
  protected: table(
    ['what', 'below', 'with everything in', 'single names'],
    protectedPlaces.map(({ base, what, folders = [], names = [] }) => [
      what,
      code(base === 'windows' ? '%SystemRoot%' : '%SystemDrive%'),
      folders.map(code).join(' '),
      names.map(code).join(' '),
    ]),
  ),
  'protected-keys': table(
    ['what', 'hive', 'keys with everything below'],
    protectedKeys.map(({ hive, what, keys }) => [what, code(hive), keys.map(code).join(' ')]),
  ),
  facts: table(
    ['fact', 'type', 'meaning', 'source'],
    vocabulary.map(one => [
      code(one.name),
      one.type,
      one.unit ? `${one.meaning} (${one.unit})` : one.meaning,
      one.source,
    ]),
  ),
};

describe('tables in the documentation say what the code says', () => {
  for (const [name, file] of [
    ['actions', 'remediation-language.md'],
    ['conditions', 'remediation-language.md'],
    ['protected', 'remediation-language.md'],
    ['protected-keys', 'remediation-language.md'],
    ['facts', 'known-issues.md'],
  ] as const)
    test(`${name} in ${file}`, async () => {
      const text = readFileSync(path.join(docs, file), 'utf8');
      const between = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
      const expected = await format(
        text.replace(between, (_, start, end) => `${start}\n\n${blocks[name]}\n\n${end}`),
        {
          parser: 'markdown',
          printWidth: 110,
          singleQuote: true,
        },
      );
      if (process.env['BOOTMEND_UPDATE_GOLDENS'] === '1') writeFileSync(path.join(docs, file), expected);
      assert.equal(readFileSync(path.join(docs, file), 'utf8'), expected);
    });
});

test('scripts in the documentation are sound and in the one layout', () => {
  const text = readFileSync(path.join(docs, 'remediation-language.md'), 'utf8');
  const scripts = [...text.matchAll(/^```mend\n([^]*?)^```/gm)].map(match => match[1]!);
  assert.ok(scripts.length >= 4);
  for (const script of scripts) {
    const checked = checkScript(script);
    assert.deepEqual(checked.diagnostics, []);
    assert.equal(formatScript(checked.script!), script);
  }
});

test('the script called shipped is the one that ships', () => {
  const shipped = path.join(docs, '../server/catalog/crowdstrike-2024-07-19/remediation.mend');
  const text = readFileSync(path.join(docs, 'remediation-language.md'), 'utf8');
  assert.ok(text.includes(`\`\`\`mend\n${readFileSync(shipped, 'utf8')}\`\`\``));
});

test('the issue in the documentation is sound', () => {
  const text = readFileSync(path.join(docs, 'known-issues.md'), 'utf8');
  const issue = /^```yaml\n([^]*?)^```/m.exec(text)![1]!;
  assert.deepEqual(parseIssue(issue).diagnostics, []);
});
