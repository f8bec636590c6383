import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable } from '../../shared/bytes/printable.ts';
import type { CompiledRule } from '../../shared/rules/compiled-rule.ts';
import { parseIssue } from '../../shared/rules/source/parse-issue.ts';

/** The known issues that come with Bootmend. */
export const shippedCatalogue = fileURLToPath(new URL('../catalog', import.meta.url));

/** A known issue of a catalogue. */
export interface CatalogueIssue {
  readonly rule: CompiledRule;
  /** The cause in one line. */
  readonly cause: string;
  /** The script that heals it, where software can. */
  readonly scriptFile?: string;
  /** What a person does, step by step. */
  readonly advice: readonly string[];
}

/** The issues of all folders with an `issue.yaml`, and what is wrong with those that cannot be read. */
export function readCatalogue(directory: string): { issues: CatalogueIssue[]; problems: string[] } {
  const issues: CatalogueIssue[] = [];
  const problems: string[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name, 'issue.yaml');
    if (!entry.isDirectory() || !existsSync(file)) continue;
    const { issue, rule, diagnostics } = parseIssue(readFileSync(file, 'utf8'));
    if (issue && rule) {
      const { cause, remediation, advice = [] } = issue;
      const script =
        remediation === undefined ? {} : { scriptFile: path.join(directory, entry.name, remediation) };
      issues.push({ rule, cause, advice, ...script });
    }
    for (const { line, column, code, message } of diagnostics)
      problems.push(`${file}:${line}:${column} ${code}: ${printable(message)}`);
  }
  return { issues, problems };
}
