import type { CompiledRule } from '../compiled-rule.ts';
import { compileCondition } from './compile-condition.ts';
import type { IssueDiagnostic } from './issue-diagnostic.ts';
import { IssueDocument } from './issue-document.ts';
import { issueFrame, type ConditionSource, type IssueSource } from './issue-schema.ts';

/** A known issue with its rule, only when nothing is wrong with the file; all mistakes otherwise. */
export interface ParsedIssue {
  readonly issue?: IssueSource;
  readonly rule?: CompiledRule;
  readonly diagnostics: readonly IssueDiagnostic[];
}

/** Reads `issue.yaml` of a known issue and compiles its condition. */
export function parseIssue(text: string): ParsedIssue {
  const document = new IssueDocument(text);
  const { value } = document;
  if (!document.isClean) return { diagnostics: document.diagnostics };
  const frame = issueFrame.safeParse(value);
  if (!frame.success) document.addIssues(frame.error.issues, []);
  const source = (value as { readonly when?: unknown } | null | undefined)?.when;
  const when = source === undefined ? undefined : compileCondition(source, document);
  if (frame.success && source === undefined)
    document.add('missing-field', ['when'], 'The field when is missing. Expected: a condition.');
  if (!frame.success || !when || !document.isClean) return { diagnostics: document.diagnostics };
  const { id, title, priority, confidence } = frame.data;
  return {
    // The condition was just read whole, so it has its shape.
    issue: { ...frame.data, when: source as ConditionSource },
    rule: { id, title, priority, confidence, when },
    diagnostics: [],
  };
}
