import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import type { CompiledRule } from '../../../shared/rules/compiled-rule.ts';
import type { IssueSource } from '../../../shared/rules/source/issue-schema.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';

/** One known issue as it lies on disk. */
export interface IssueFolder {
  readonly directory: string;
  readonly source: string;
  readonly script?: string;
  readonly issue?: IssueSource;
  readonly rule?: CompiledRule;
  readonly mistakes: readonly FolderMistake[];
}

export interface FolderMistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
}

const maxFileBytes = 256 * 1024;

/** The known issues of a folder: the one that it is, or those in the folders of it. Undefined when there is none. */
export function readIssueFolders(directory: string): readonly IssueFolder[] | undefined {
  if (existsSync(path.join(directory, 'issue.yaml'))) return [readOne(directory)];
  if (!existsSync(directory)) return undefined;
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(path.join(directory, entry.name, 'issue.yaml')))
    .map(entry => readOne(path.join(directory, entry.name)));
  if (folders.length === 0) return undefined;
  const rules = folders.flatMap(one => one.rule ?? []);
  return folders.map(one => (one.rule ? readOne(one.directory, rules) : one));
}

function readOne(directory: string, others: readonly CompiledRule[] = []): IssueFolder {
  const file = path.join(directory, 'issue.yaml');
  const source = readText(file);
  const { issue, rule, diagnostics } = parseIssue(source, others);
  const mistakes: FolderMistake[] = diagnostics.map(one => ({ file, ...placeOf(one) }));
  if (issue && issue.id !== path.basename(path.resolve(directory)))
    mistakes.push({
      file,
      line: 1,
      column: 1,
      code: 'wrong-folder',
      message: `The folder is not called ${issue.id}. Expected: a folder of that name.`,
    });
  const scriptFile = issue?.remediation === undefined ? undefined : path.join(directory, issue.remediation);
  if (scriptFile !== undefined && !existsSync(scriptFile))
    mistakes.push({
      file,
      line: 1,
      column: 1,
      code: 'script-missing',
      message: `There is no ${issue!.remediation} beside it. Expected: the script, or advice instead.`,
    });
  const script = scriptFile !== undefined && existsSync(scriptFile) ? readText(scriptFile) : undefined;
  if (scriptFile !== undefined && script !== undefined)
    for (const one of checkScript(script).diagnostics) mistakes.push({ file: scriptFile, ...placeOf(one) });
  return {
    directory,
    source,
    ...(script !== undefined && { script }),
    ...(issue && { issue }),
    ...(rule && { rule }),
    mistakes,
  };
}

const placeOf = ({ line, column, code, message }: Omit<FolderMistake, 'file'>) => ({
  line,
  column,
  code,
  message,
});

const readText = (file: string) => readFileSync(file).subarray(0, maxFileBytes).toString('utf8');
