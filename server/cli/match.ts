import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printable } from '../../shared/bytes/printable.ts';
import { parseFacts } from '../../shared/facts/parse-facts.ts';
import { compileRules } from '../../shared/rules/compile-rules.ts';
import { type Match, type MatchResult, matchRules } from '../../shared/rules/match-rules.ts';
import { sayProbe } from '../../shared/rules/probes.ts';
import { tellFindings } from '../../shared/rules/tell-findings.ts';
import { readCatalogue, shippedCatalogue } from './catalogue.ts';
import { readFactsFile } from './facts-file.ts';
import {
  type Paint,
  type Terminal,
  painter,
  processTerminal,
  reportFailure,
  wrongUsage,
} from './terminal.ts';

/**
 * `bootmend match --facts FILE [--rules DIR] [--json]`: which known issues the facts of a machine match, and why.
 * The exit code is 0 only when one matches and every rule could be read.
 */
export async function runMatch(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('match', terminal);
  const input = readFactsFile(asked.facts);
  if (!input.ok) {
    reportFailure(terminal, asked.json, input.problem);
    return 1;
  }
  if (!existsSync(asked.rules)) {
    reportFailure(terminal, asked.json, {
      code: 'rules-not-found',
      message: `there is no folder ${asked.rules}`,
    });
    return 1;
  }
  const { issues, problems } = readCatalogue(asked.rules);
  const rules = issues.map(one => one.rule);
  const { facts, dropped } = parseFacts(input.value);
  const result = matchRules(compileRules(rules), facts);
  if (asked.json) terminal.out(`${JSON.stringify({ ...documentOf(result), dropped, problems }, null, 2)}\n`);
  else terminal.out(`${renderResult(result, rules.length, dropped, painter(terminal)).join('\n')}\n`);
  for (const problem of problems) terminal.error(`${problem}\n`);
  return result.matches.length > 0 && problems.length === 0 ? 0 : 1;
}

function readArguments(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: { facts: { type: 'string' }, rules: { type: 'string' }, json: { type: 'boolean' } },
  });
  if (values.facts === undefined) return undefined;
  return { facts: values.facts, rules: values.rules ?? shippedCatalogue, json: values.json ?? false };
}

/** A rule on one machine with its reasons, as plain data. */
export type ExplainedMatch = Pick<Match, 'rule' | 'evaluation'>;

/** A result with all reasons that can be asked for. */
export interface ExplainedResult extends Pick<MatchResult, 'probes'> {
  readonly matches: readonly ExplainedMatch[];
  readonly nearMisses: readonly ExplainedMatch[];
  readonly unknown: readonly ExplainedMatch[];
}

/** Asks a result for everything, so that it can be copied and redacted. */
export function explainedOf({ matches, nearMisses, unknown, probes }: MatchResult): ExplainedResult {
  const explained = ({ rule, evaluation }: Match): ExplainedMatch => ({ rule, evaluation });
  return {
    matches: matches.map(explained),
    nearMisses: nearMisses.map(explained),
    unknown: unknown.map(explained),
    probes,
  };
}

/** A result as a document. */
export function documentOf({ matches, nearMisses, unknown, probes }: ExplainedResult) {
  const explained = ({ rule, evaluation }: ExplainedMatch) => ({
    id: rule.id,
    title: rule.title,
    verdict: evaluation.verdict,
    conditions: tellFindings(evaluation),
  });
  return {
    matches: matches.map(explained),
    nearMisses: nearMisses.map(explained),
    unknown: unknown.map(explained),
    probes,
  };
}

const marks = { held: 'yes', failed: 'no', unknown: '?' } as const;

function renderResult(
  { matches, nearMisses, unknown, probes }: MatchResult,
  rules: number,
  dropped: readonly string[],
  paint: Paint,
): string[] {
  const list = (title: string, found: readonly Match[]) =>
    found.flatMap(match => [
      paint('strong', `${title}: ${match.rule.title} (${match.rule.id})`),
      ...reasons(match),
      '',
    ]);
  const lines = [
    ...list('Matches', matches),
    ...list('All but one condition', nearMisses),
    ...list('Not decided', unknown),
  ];
  if (lines.length === 0) lines.push(`None of ${rules} known issues matches.`, '');
  for (const probe of probes) lines.push(`Would ask: ${printable(sayProbe(probe))}`);
  for (const name of dropped) lines.push(paint('warn', `Not a fact, left out: ${printable(name)}`));
  return lines.join('\n').trimEnd().split('\n');
}

/** The conditions of a rule on a machine, with what was found. */
export const reasons = ({ evaluation }: ExplainedMatch) =>
  tellFindings(evaluation).flatMap(({ verdict, sentence, value, evidence, depth = 0 }) => {
    const indent = '  '.repeat(depth + 1);
    const found = `${indent}     ${printable(value ?? '')}${evidence === undefined ? '' : ` (${evidence})`}`;
    const line = `${indent}${marks[verdict].padEnd(3)}  ${printable(sentence)}`;
    return value === undefined ? [line] : [line, found];
  });
