import { compareNumbers, isEmptyRange } from '../../facts/range.ts';
import type { CompiledRule } from '../compiled-rule.ts';
import { findShadowing } from '../find-conflicts.ts';
import { compileCondition } from './compile-condition.ts';
import { emptyRange } from './empty-range.ts';
import type { IssueDiagnostic } from './issue-diagnostic.ts';
import { IssueDocument } from './issue-document.ts';
import { issueFrame, type ConditionSource, type IssueSource } from './issue-schema.ts';

/** A known issue with its rule, only when nothing is wrong with the file; all mistakes otherwise. */
export interface ParsedIssue {
  readonly issue?: IssueSource;
  readonly rule?: CompiledRule;
  readonly diagnostics: readonly IssueDiagnostic[];
}

/** Reads `issue.yaml` of a known issue and compiles its condition. It must have something to decide beside `others`. */
export function parseIssue(text: string, others: readonly CompiledRule[] = []): ParsedIssue {
  const document = new IssueDocument(text);
  const { value } = document;
  if (!document.isClean) return { diagnostics: document.diagnostics };
  const frame = issueFrame.safeParse(value);
  if (!frame.success) document.addIssues(frame.error.issues, []);
  const source = (value as { readonly when?: unknown } | null | undefined)?.when;
  const when = source === undefined ? undefined : compileCondition(source, document);
  if (frame.success && source === undefined)
    document.add('missing-field', ['when'], 'The field when is missing. Expected: a condition.');
  if (frame.success) checkHelp(frame.data, document);
  if (frame.success) checkBuilds(frame.data, document);
  if (!frame.success || !when || !document.isClean) return { diagnostics: document.diagnostics };
  const { id, title, priority, confidence } = frame.data;
  const rule = { id, title, priority, confidence, when };
  const shadowing = findShadowing(rule, others);
  if (shadowing) {
    document.add(
      'shadowed',
      ['priority'],
      `${shadowing.id} fits every machine that this fits and goes first, so this decides nothing. Expected: a higher priority, or a condition that ${shadowing.id} does not fit.`,
    );
    return { diagnostics: document.diagnostics };
  }
  return {
    // The condition was just read whole, so it has its shape.
    issue: { ...frame.data, when: source as ConditionSource },
    rule,
    diagnostics: [],
  };
}

/** A known issue that helps nobody is none, and what no script heals cannot be healed by itself. */
function checkHelp(
  { remediation, advice, policy }: Pick<IssueSource, 'remediation' | 'advice' | 'policy'>,
  document: IssueDocument,
): void {
  if (remediation !== undefined) return;
  if (advice === undefined)
    document.add(
      'missing-field',
      ['remediation'],
      'Nothing says what helps. Expected: remediation with the script beside this file, or advice for a person.',
    );
  else if (policy !== 'never')
    document.add(
      'wrong-value',
      ['policy'],
      `${policy} does not fit here: there is no script. Expected: never.`,
    );
}

function checkBuilds(
  { affectedBuilds = [] }: Pick<IssueSource, 'affectedBuilds'>,
  document: IssueDocument,
): void {
  for (const [index, range] of affectedBuilds.entries())
    if (isEmptyRange(range, compareNumbers))
      document.add('empty-range', ['affectedBuilds', index], emptyRange);
}
