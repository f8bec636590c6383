import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { actionDefinitions } from '../../../shared/remediation/action-table.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { conditionDefinitions } from '../../../shared/remediation/condition-table.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { protectedKeys } from '../../../shared/remediation/protected-keys.ts';
import { launchPlaces } from '../../../shared/remediation/launch-places.ts';
import { protectedPlaces } from '../../../shared/remediation/protected-places.ts';
import { clauseForms } from '../../../shared/remediation/read-clauses.ts';
import { risks } from '../../../shared/remediation/syntax-tree.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import { checkBlock, code, table } from '../../support/document-tables.ts';

const docs = path.join(import.meta.dirname, '../../../docs');

const blocks: Readonly<Record<string, string>> = {
  actions: [
    table(
      ['action', 'class', 'does'],
      actionDefinitions.map(one => [
        `[${one.verb}](#${one.verb.replaceAll(' ', '-')})`,
        one.class,
        one.meaning,
      ]),
    ),
    ...actionDefinitions.map(sectionOf),
  ].join('\n\n'),
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
  'launch-places': table(
    ['what', 'below', 'with everything in', 'single names'],
    launchPlaces.map(({ base, what, folders = [], names = [] }) => [
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
};

/** One action as a section that can be read on a phone. */
function sectionOf(one: (typeof actionDefinitions)[number]): string {
  const clauses = one.clauses.map(name => code(clauseForms[name])).join(', ');
  return [
    `### ${one.verb}`,
    code(one.form),
    `${one.class[0]!.toUpperCase()}${one.class.slice(1)}. It ${one.meaning}.`,
    [
      ...(clauses === '' ? [] : [`- Clauses: ${clauses}.`]),
      `- Undo: ${one.undo}.`,
      `- Verified by itself: ${one.verify}.`,
      `- Works on: ${one.windows}.`,
      ...one.traps.map(trap => `- Trap: ${trap}`),
      `- Source: ${one.source}.`,
    ].join('\n'),
  ].join('\n\n');
}

describe('tables in the documentation say what the code says', () => {
  for (const [name, file] of [
    ['actions', 'remediation-language.md'],
    ['conditions', 'remediation-language.md'],
    ['protected', 'remediation-language.md'],
    ['launch-places', 'remediation-language.md'],
    ['protected-keys', 'remediation-language.md'],
  ] as const)
    test(`${name} in ${file}`, () => checkBlock(`docs/${file}`, name, blocks[name]!));
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

test('every action has a script in the documentation', () => {
  const text = readFileSync(path.join(docs, 'remediation-language.md'), 'utf8');
  const lines = [...text.matchAll(/^```mend\n([^]*?)^```/gm)].flatMap(match => match[1]!.split('\n'));
  for (const { verb } of actionDefinitions)
    assert.ok(
      lines.some(
        line => line.trim() === verb || line.trim().startsWith(`${verb} `) || line.startsWith(`${verb},`),
      ),
      verb,
    );
});

describe('the grammar in the documentation', () => {
  const text = readFileSync(path.join(docs, 'remediation-language.md'), 'utf8');
  const rules = /^```ebnf\n([^]*?)^```/m.exec(text)![1]!;
  const literals = new Set([...rules.matchAll(/'([^']+)'/g)].map(match => match[1]!));
  const bare = rules.replaceAll(/'[^']+'/g, '');

  test('has every word that the language has, and no other', () => {
    const forms = [
      ...actionDefinitions.map(one => one.form),
      ...conditionDefinitions.map(one => one.form.split(',')[0]!),
      ...Object.values(clauseForms),
    ];
    const words = forms.flatMap(
      form =>
        form
          .replace('OEM.inf', 'OEM')
          .match(/(?<![\w-])(?:[a-z][a-z0-9-]*|Windows|RegBack|SYSTEM|SOFTWARE|64-bit)/g) ?? [],
    );
    const ofFrame = [
      'remediation', 'risk', ...risks, 'source', 'tell', 'require', 'in', 'verify', 'reboot', 'any', 'all', 'none',
      'of', 'at', 'least', 'below', 'from', 'until', 'file', 'minute', 'disabled', 'MB', ',',
    ]; // prettier-ignore
    assert.deepEqual([...literals].toSorted(), [...new Set([...words, ...ofFrame])].toSorted());
  });

  test('uses only rules that it defines, and all of them', () => {
    const defined = [...bare.matchAll(/^([a-z]+)(?:\(V\))? +::=/gm)].map(match => match[1]!);
    const used = [...bare.matchAll(/\b[a-z]+\b(?!(?:\(V\))? +::=)/g)].map(match => match[0]);
    assert.deepEqual([...new Set(used)].toSorted(), defined.filter(name => name !== 'script').toSorted());
  });
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
