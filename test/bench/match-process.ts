// A server with its rule set and nothing else: `match.ts` starts one for each size and asks for figures in turn.
import { explainedConditions } from '../../server/features/known-issues/explained-conditions.ts';
import { mostOthers } from '../../server/features/known-issues/known-issues.ts';
import { compileRules } from '../../shared/rules/compile-rules.ts';
import { type MatchResult, matchRules } from '../../shared/rules/match-rules.ts';
import { medianMs } from './figure.ts';
import { buildFleet, reportCount } from './realistic-rules.ts';

/** What may be asked for: the median over all reports, or over those that no rule explains. */
export type MatchWork = 'found' | 'intake' | 'intake-unexplained' | 'all-reasons';

const { rules, reports } = buildFleet(Number(process.argv[2]), reportCount);
const set = compileRules(rules);
const unexplained = reports.filter(facts => matchRules(set, facts).matches.length === 0);

const works: Readonly<Record<MatchWork, (result: MatchResult) => number>> = {
  found: ({ matches }) => matches.length,
  intake: readAsIntake,
  'intake-unexplained': readAsIntake,
  'all-reasons': ({ matches, unknown, nearMisses }) =>
    [...matches, ...unknown, ...nearMisses].flatMap(match => explainedConditions(match.evaluation)).length,
};

process.on('message', (work: MatchWork) => {
  const some = work === 'intake-unexplained' ? unexplained : reports;
  const most = work === 'all-reasons' ? undefined : mostOthers;
  let next = 0;
  process.send!(medianMs(some.length, () => works[work](matchRules(set, some[next++ % some.length]!, most))));
});

/**
 * As `KnownIssues.match`: keeps the reasons of what matched; only where nothing did, it asks what is open and names what
 * is near. The lists are made when they are read, so it must not read them before.
 */
function readAsIntake(result: MatchResult): number {
  if (result.matches.length > 0)
    return result.matches.flatMap(match => explainedConditions(match.evaluation)).length;
  const probes = result.unknown.flatMap(match => match.probes);
  return probes.length + result.nearMisses.filter(match => match.rule.id !== '').length;
}
