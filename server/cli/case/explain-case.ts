import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { compileRules } from '../../../shared/rules/compile-rules.ts';
import { matchRules } from '../../../shared/rules/match-rules.ts';
import { type ExplainedResult, explainedOf } from '../match.ts';
import type { CatalogueIssue } from '../catalogue.ts';
import type { EvidenceFile } from '../evidence/evidence-file.ts';
import type { Gathered } from '../evidence/gather-evidence.ts';
import { adviseNext, adviseScript } from './advice.ts';
import { sortEvidence } from './case-evidence.ts';
import { factsOfCase, findWindowsRoots } from './facts-of-case.ts';
import { type CaseFinding, listFindings } from './findings.ts';

/** Who is suspected, and why. */
export interface CaseSuspect {
  /** File name of a driver; null when nothing names one. */
  readonly module: string | null;
  readonly confidence: 'high' | 'medium' | 'low' | 'none';
  readonly because: string;
}

/** What the evidence of one machine comes to. */
export interface CaseExplanation {
  readonly suspect: CaseSuspect;
  /** Drivers that evidence points at less; nothing is concluded from them alone. */
  readonly weakerSuspects: CrashDump['suspects'];
  readonly happened: readonly CaseFinding[];
  readonly advice: readonly string[];
  readonly facts: Facts;
  readonly result: ExplainedResult;
}

/** Draws facts from evidence, matches them with known issues and says what to do next. Changes nothing. */
export function explainCase(
  gathered: Gathered,
  present: readonly EvidenceFile[],
  issues: readonly CatalogueIssue[],
): CaseExplanation {
  const evidence = sortEvidence(gathered.files);
  const { crash, bootLog } = evidence;
  const isWhole = gathered.files.every(file => !('problem' in file) || file.kind !== null);
  const isOneMachine = findWindowsRoots(present).length <= 1;
  const facts = isOneMachine ? factsOfCase(evidence, present, isWhole) : {};
  const result = explainedOf(matchRules(compileRules(issues.map(one => one.rule)), facts));
  const last = bootLog?.reading.lastLoaded ?? null;
  const suspect: CaseSuspect = crash
    ? crash.reading.culprit
    : last
      ? { module: last.name, confidence: 'low', because: 'it was loaded last in the newest start' }
      : { module: null, confidence: 'none', because: 'neither a crash dump nor a boot log names a driver' };
  const script = adviseScript(result.matches, issues);
  const advice = script.length > 0 ? script : adviseNext(evidence);
  return {
    suspect,
    weakerSuspects: crash?.reading.suspects ?? [],
    happened: listFindings(evidence),
    advice: isOneMachine ? advice : [oneMachineOnly, ...adviseNext(evidence)],
    facts,
    result,
  };
}

const oneMachineOnly =
  'These are files of more than one Windows, so no known issue was looked for. Read one machine at a time.';
