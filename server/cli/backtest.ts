import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Facts } from '../../shared/facts/facts.ts';
import { parseFacts } from '../../shared/facts/parse-facts.ts';
import type { RuleTrial } from '../../shared/api/known-issue.ts';
import { checkScript } from '../../shared/remediation/check-script.ts';
import { RuleTry } from '../features/known-issues/try-rule.ts';
import { withInstallation } from './installation.ts';
import { type IssueFolder, readIssueFolders } from './issue/issue-folder.ts';
import { processTerminal, reportFailure, type Terminal, wrongUsage } from './terminal.ts';

const batch = 500;
const sayEvery = 100_000;
const maxLineLength = 1024 * 1024;

/**
 * `bootmend backtest ISSUE [--facts FILE] [--healthy FILE] [--json]`: what the known issue in a folder would have come
 * to on all stored incidents and healthy machines or, with `--facts` and `--healthy`, on files with the facts of one
 * machine a line, as JSON.
 */
export async function runBackTest(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('backtest', terminal);
  const [folder] = readIssueFolders(asked.issue) ?? [];
  const mistake = folder?.mistakes[0];
  if (!folder?.rule || mistake) {
    const message = mistake?.message ?? `${asked.issue} holds no known issue`;
    reportFailure(terminal, asked.json, { code: mistake?.code ?? 'no-issue', message });
    return 1;
  }
  const missing = [asked.facts, asked.healthy].find(file => file !== undefined && !existsSync(file));
  if (missing !== undefined) {
    reportFailure(terminal, asked.json, { code: 'not-found', message: `there is no file ${missing}` });
    return 1;
  }
  const started = performance.now();
  const trial = await tryOn(folder, asked, done => {
    if (!asked.json) terminal.error(`${done} tried\n`);
  });
  const tried = trial.incidents + trial.healthy.devices;
  const perSecond = Math.round((tried / (performance.now() - started)) * 1000);
  if (asked.json) terminal.out(`${JSON.stringify({ id: folder.rule.id, ...trial, perSecond }, null, 2)}\n`);
  else terminal.out(`${sayTrial(trial, perSecond).join('\n')}\n`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { facts: { type: 'string' }, healthy: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [issue, ...more] = positionals;
  if (issue === undefined || more.length > 0) return undefined;
  return { issue, facts: values.facts, healthy: values.healthy, json: values.json ?? false };
}

async function tryOn(
  { rule, issue, script }: IssueFolder,
  files: { readonly facts: string | undefined; readonly healthy: string | undefined },
  onProgress: (done: number) => void,
): Promise<RuleTrial> {
  const tried = new RuleTry(rule!, {
    script: script === undefined ? undefined : checkScript(script).script,
    builds: issue?.affectedBuilds,
  });
  let done = 0;
  const count = (records: number) => {
    const before = done;
    done += records;
    if (Math.floor(done / sayEvery) > Math.floor(before / sayEvery)) onProgress(done);
  };
  if (files.facts !== undefined || files.healthy !== undefined) {
    for await (const { name, facts } of readFactLines(files.facts)) {
      tried.add([{ incidentId: name, code: name, knownIssueId: null, facts }]);
      count(1);
    }
    for await (const { name, facts } of readFactLines(files.healthy)) {
      tried.addHealthy([{ deviceId: name, name, facts }]);
      count(1);
    }
    return tried.trial;
  }
  await withInstallation(async ({ config: { organizationId }, features: { issueBook } }) => {
    for await (const incidents of issueBook.readFacts(organizationId, batch)) {
      tried.add(incidents);
      count(incidents.length);
    }
    for await (const devices of issueBook.readHealthy(organizationId, batch)) {
      tried.addHealthy(devices);
      count(devices.length);
    }
    return 0;
  });
  return tried.trial;
}

/** The facts of one machine a line; none without a file. */
async function* readFactLines(file: string | undefined): AsyncIterable<{ name: string; facts: Facts }> {
  if (file === undefined) return;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file) }))
    if (line.trim() !== '' && line.length <= maxLineLength)
      yield { name: `line-${++number}`, facts: factsOfLine(line) };
}

/** A line that is no object counts as a machine that reported nothing. */
function factsOfLine(line: string): Facts {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? parseFacts(value as Record<string, unknown>).facts : {};
  } catch {
    return {};
  }
}

function sayTrial(trial: RuleTrial, perSecond: number): string[] {
  const { incidents, matched, nearMisses, unknown, wouldRun, outsideBuilds, explainedOtherwise, examples } =
    trial;
  return [
    `Tried on ${incidents} incidents and ${trial.healthy.devices} healthy machines, ${perSecond} a second.`,
    ...warningOf(trial.healthy),
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
          ...sayConditions(conditions),
        ]),
    ),
  ];
}

/** A rule that fits a machine that is well would give it a repair that it does not need. */
function warningOf({ devices, matched, examples: [first] }: RuleTrial['healthy']): string[] {
  if (matched === 0) return [`  healthy machines hit  0 of ${devices}`];
  return [
    `WARNING: it hits ${matched} of ${devices} healthy machines. It is too wide; ask for something that only failing ones have.`,
    ...(first ? [`  Hit: ${first.name}`, ...sayConditions(first.conditions)] : []),
  ];
}

const sayConditions = (conditions: RuleTrial['healthy']['examples'][number]['conditions']) =>
  conditions.map(
    one => `  ${one.verdict.padEnd(8)} ${one.condition}${one.value === undefined ? '' : `  ${one.value}`}`,
  );
