import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { parseFacts } from '../../shared/facts/parse-facts.ts';
import type { RuleTrial } from '../../shared/api/known-issue.ts';
import { checkScript } from '../../shared/remediation/check-script.ts';
import type { StoredFacts } from '../features/known-issues/known-issue-read.ts';
import { RuleTry } from '../features/known-issues/try-rule.ts';
import { withInstallation } from './installation.ts';
import { type IssueFolder, readIssueFolders } from './issue/issue-folder.ts';
import { processTerminal, reportFailure, type Terminal } from './terminal.ts';

const usage = 'Usage: bootmend backtest ISSUE [--facts FILE] [--json]\n';
const batch = 500;
const maxLineLength = 1024 * 1024;

/**
 * `bootmend backtest ISSUE [--facts FILE] [--json]`: what the known issue in a folder would have come to on all stored
 * incidents or, with `--facts`, on a file with the facts of one machine a line, as JSON.
 */
export async function runBackTest(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) {
    terminal.error(usage);
    return 2;
  }
  const [folder] = readIssueFolders(asked.issue) ?? [];
  const mistake = folder?.mistakes[0];
  if (!folder?.rule || mistake) {
    const message = mistake?.message ?? `${asked.issue} holds no known issue`;
    reportFailure(terminal, asked.json, { code: mistake?.code ?? 'no-issue', message });
    return 1;
  }
  if (asked.facts !== undefined && !existsSync(asked.facts)) {
    reportFailure(terminal, asked.json, { code: 'not-found', message: `there is no file ${asked.facts}` });
    return 1;
  }
  const started = performance.now();
  const trial = await tryOn(folder, asked.facts, done => {
    if (!asked.json) terminal.error(`${done} tried\n`);
  });
  const perSecond = Math.round((trial.incidents / (performance.now() - started)) * 1000);
  if (asked.json) terminal.out(`${JSON.stringify({ id: folder.rule.id, ...trial, perSecond }, null, 2)}\n`);
  else terminal.out(`${sayTrial(trial, perSecond).join('\n')}\n`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { facts: { type: 'string' }, json: { type: 'boolean' } },
    });
    const [issue, ...more] = positionals;
    if (issue === undefined || more.length > 0) return undefined;
    return { issue, facts: values.facts, json: values.json ?? false };
  } catch {
    return undefined;
  }
}

async function tryOn(
  { rule, issue, script }: IssueFolder,
  file: string | undefined,
  onProgress: (done: number) => void,
): Promise<RuleTrial> {
  const tried = new RuleTry(rule!, {
    script: script === undefined ? undefined : checkScript(script).script,
    builds: issue?.affectedBuilds,
  });
  const say = (done: number) => {
    if (done % 100_000 === 0) onProgress(done);
  };
  if (file !== undefined) {
    let done = 0;
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (line.trim() === '' || line.length > maxLineLength) continue;
      tried.add([recordOf(line, ++done)]);
      say(done);
    }
    return tried.trial;
  }
  await withInstallation(async ({ config, features }) => {
    let done = 0;
    for await (const incidents of features.issueBook.readFacts(config.organizationId, batch)) {
      tried.add(incidents);
      say((done += incidents.length));
    }
    return 0;
  });
  return tried.trial;
}

/** A line that is no object counts as a machine that reported nothing. */
function recordOf(line: string, number: number): StoredFacts {
  const record = { incidentId: `line-${number}`, code: `line-${number}`, knownIssueId: null };
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { ...record, facts: isObject ? parseFacts(value as Record<string, unknown>).facts : {} };
  } catch {
    return { ...record, facts: {} };
  }
}

function sayTrial(trial: RuleTrial, perSecond: number): string[] {
  const { incidents, matched, nearMisses, unknown, wouldRun, outsideBuilds, explainedOtherwise, examples } =
    trial;
  return [
    `Tried on ${incidents} machines, ${perSecond} a second.`,
    `  fits            ${matched}`,
    ...(wouldRun === undefined ? [] : [`  script runs on  ${wouldRun}`]),
    ...(outsideBuilds === undefined ? [] : [`  fits, but runs another build   ${outsideBuilds}`]),
    `  fits, but has another known issue  ${explainedOtherwise}`,
    `  near misses     ${nearMisses}`,
    `  cannot be told  ${unknown}`,
    ...(['matched', 'near', 'unknown'] as const).flatMap(kind =>
      examples[kind]
        .slice(0, 1)
        .flatMap(({ code, conditions }) => [
          '',
          `${{ matched: 'Fits', near: 'Near', unknown: 'Cannot be told' }[kind]}: ${code}`,
          ...conditions.map(
            one =>
              `  ${one.verdict.padEnd(8)} ${one.condition}${one.value === undefined ? '' : `  ${one.value}`}`,
          ),
        ]),
    ),
  ];
}
