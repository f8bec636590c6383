import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import type { Condition } from '../../../shared/rules/compiled-rule.ts';
import { sayCondition } from '../../../shared/rules/say-condition.ts';
import { reportFailure, type Terminal } from '../terminal.ts';
import { type IssueFolder, readIssueFolders } from './issue-folder.ts';

/** `issue pages DIR --to DIR`: a table of a catalogue and a page for each entry, for people who read. */
export function writePages(argv: readonly string[], terminal: Terminal): number | undefined {
  const asked = readArguments(argv);
  if (!asked) return undefined;
  const folders = readIssueFolders(asked.from);
  if (!folders) {
    reportFailure(terminal, false, { code: 'no-issue', message: `${asked.from} holds no known issue` });
    return 1;
  }
  const pages = pagesOf(folders);
  mkdirSync(asked.to, { recursive: true });
  for (const name of readdirSync(asked.to))
    if (name.endsWith('.md') && !pages.has(name)) rmSync(path.join(asked.to, name));
  for (const [name, text] of pages) writeFileSync(path.join(asked.to, name), text);
  terminal.out(`${pages.size} pages are in ${asked.to}.\n`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { to: { type: 'string' } },
  });
  const [from, ...more] = positionals;
  if (from === undefined || more.length > 0 || values.to === undefined) return undefined;
  return { from, to: values.to };
}

type Entry = Required<Pick<IssueFolder, 'issue' | 'rule'>> & Pick<IssueFolder, 'script'>;

/** The pages by file name; entries with mistakes have none. */
export function pagesOf(folders: readonly IssueFolder[]): ReadonlyMap<string, string> {
  const entries = folders
    .flatMap(({ issue, rule, script }): Entry[] =>
      issue && rule ? [{ issue, rule, ...(script !== undefined && { script }) }] : [],
    )
    .sort(
      (a, b) => b.issue.firstSeenAt.localeCompare(a.issue.firstSeenAt) || (a.issue.id < b.issue.id ? -1 : 1),
    );
  const pages = new Map(entries.map(one => [`${one.issue.id}.md`, pageOf(one)]));
  return pages.set('README.md', tableOf(entries));
}

const helpWords = {
  automatic: 'heals by itself once approved',
  ask: 'heals after a person agreed',
  never: 'informs: tells a person what to do',
} as const;

function tableOf(entries: readonly Entry[]): string {
  const informs = entries.filter(({ issue }) => issue.policy === 'never').length;
  const rows = entries.map(
    ({ issue }) =>
      `| [${text(issue.title)}](${issue.id}.md) | ${text(issue.vendor)} | ${issue.firstSeenAt.slice(0, 10)} | ${helpWords[issue.policy]} | ${issue.confidence} |`,
  );
  return [
    '# Known bad updates',
    '',
    `The ${entries.length} known issues that come with Bootmend, newest first. Each has sources, a lab machine that shows it and a near miss that must be left alone; a test puts every machine before every rule. ${entries.length - informs} are healed by a script that your approvers sign; ${informs} are informational: no script can help there, so they name the cause and say step by step what a person does. These pages are generated; [server/catalog](../../server/catalog/README.md) says how to add one.`,
    '',
    '| issue | vendor | since | what Bootmend does | confidence |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function pageOf({ issue, rule, script }: Entry): string {
  const {
    title,
    product,
    vendor,
    firstSeenAt,
    lastSeenAt,
    affected,
    summary,
    policy,
    advice = [],
    sources,
    unproven = [],
    lookAlikes = [],
  } = issue;
  return [
    `# ${text(title)}`,
    '',
    `${text(product)}, ${text(vendor)}. ${sayTime(firstSeenAt, lastSeenAt)}. Bootmend ${helpWords[policy]}. Confidence: ${issue.confidence}.`,
    '',
    text(summary.trim()),
    '',
    `**Affected:** ${text(affected.trim())}`,
    '',
    '## When a machine has it',
    '',
    ...listConditions(rule.when),
    ...(script === undefined ? [] : scriptOf(script)),
    ...(advice.length === 0
      ? []
      : ['', '## What a person does', '', ...advice.map((one, index) => `${index + 1}. ${text(one)}`)]),
    ...(lookAlikes.length === 0
      ? []
      : [
          '',
          '## Not to be taken for it',
          '',
          ...lookAlikes.map(one => `- **${text(one.title)}**: ${text(one.difference)}`),
        ]),
    '',
    '## Sources',
    '',
    ...sources.map(
      one =>
        `- [${text(one.title)}](${one.url})${one.publishedOn === undefined ? '' : `, ${one.publishedOn}`}`,
    ),
    ...(unproven.length === 0
      ? []
      : ['', '## What no source shows', '', ...unproven.map(one => `- ${text(one)}`)]),
    '',
  ].join('\n');
}

function sayTime(firstSeenAt: string, lastSeenAt: string | undefined): string {
  const [first, last] = [firstSeenAt.slice(0, 10), lastSeenAt?.slice(0, 10)];
  if (last === undefined) return `Since ${first}`;
  return first === last ? `On ${first}` : `From ${first} to ${last}`;
}

/** A script, and in plain words what its steps do; its guards mostly repeat the conditions above. */
function scriptOf(source: string): string[] {
  const { script } = checkScript(source);
  const firstLine = script?.steps[0]?.line ?? 1;
  const sentences = script ? explainScript(script).filter(one => one.line >= firstLine) : [];
  return [
    '',
    '## What the script does',
    '',
    'It runs only where every `require` is known to hold.',
    '',
    ...sentences.map((one, index) => `${index + 1}. ${text(one.sentence)}`),
    '',
    '```mend',
    source.trimEnd(),
    '```',
  ];
}

/** Conditions as nested lists; those of one list must all hold unless it says otherwise. */
function listConditions(condition: Condition, isNegated = false, indent = ''): string[] {
  if (condition.kind === 'not') return listConditions(condition.condition, !isNegated, indent);
  if (!('conditions' in condition)) return [`${indent}- ${text(sayCondition(condition, isNegated))}`];
  const isAll = (condition.kind === 'all') !== isNegated;
  // The rule itself is a list of what must hold; it needs no line that says so.
  if (isAll && indent === '') return condition.conditions.flatMap(one => listConditions(one, isNegated));
  return [
    `${indent}- ${isAll ? 'All of:' : 'One of:'}`,
    ...condition.conditions.flatMap(one => listConditions(one, isNegated, `${indent}  `)),
  ];
}

const text = (value: string) => value.replaceAll(/[\\*_[\]<>|`]/g, String.raw`\$&`);
