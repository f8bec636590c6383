import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { maxScriptBytes } from '../../../shared/remediation/source.ts';
import type { CompiledRule } from '../../../shared/rules/compiled-rule.ts';
import type { IssueSource } from '../../../shared/rules/source/issue-schema.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import { withFile } from '../file-source.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../../../shared/bytes/printable.ts';

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

/** Four bytes a character of what `issue.yaml` may hold, so that a longer one is told as such. */
const maxSourceBytes = 4 * 64 * 1024 + 4;

/**
 * The known issues of a folder: the one that it is, or those in the folders of it; `issue.yaml` itself may be named as
 * well. Undefined when there is none.
 */
export function readIssueFolders(named: string): readonly IssueFolder[] | undefined {
  const directory = path.basename(named) === 'issue.yaml' ? path.dirname(named) : named;
  if (existsSync(path.join(directory, 'issue.yaml'))) return [readOne(directory)];
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(path.join(directory, entry.name, 'issue.yaml')))
    .map(entry => readOne(path.join(directory, entry.name)));
  if (folders.length === 0) return undefined;
  const rules = folders.flatMap(one => one.rule ?? []);
  return folders.map(one => (one.rule ? readOne(one.directory, rules) : one));
}

/** Every mistake on a line of its own, with file, line, column and code. */
export function reportFolderMistakes(terminal: Terminal, mistakes: readonly FolderMistake[]): void {
  for (const { file, line, column, code, message } of mistakes)
    terminal.error(`${file}:${line}:${column} ${code}: ${printable(message)}\n`);
}

function readOne(directory: string, others: readonly CompiledRule[] = []): IssueFolder {
  const file = path.join(directory, 'issue.yaml');
  const read = readText(file, maxSourceBytes);
  if (!read.ok) return { directory, source: '', mistakes: [{ file, ...atStart, ...read.problem }] };
  const source = read.text;
  const { issue, rule, diagnostics } = parseIssue(source, others);
  const mistakes: FolderMistake[] = diagnostics.map(one => ({ file, ...placeOf(one) }));
  const wrong = (code: string, message: string) => mistakes.push({ file, ...atStart, code, message });
  if (issue && issue.id !== path.basename(path.resolve(directory)))
    wrong('wrong-folder', `The folder is not called ${issue.id}. Expected: a folder of that name.`);
  let script: string | undefined;
  if (issue?.remediation !== undefined) {
    const scriptFile = path.join(directory, issue.remediation);
    const found = readText(scriptFile, maxScriptBytes + 1);
    if (found.ok) {
      script = found.text;
      for (const one of checkScript(script).diagnostics) mistakes.push({ file: scriptFile, ...placeOf(one) });
    } else if (found.problem.code === 'file-not-found')
      wrong(
        'script-missing',
        `There is no ${issue.remediation} beside it. Expected: the script, or advice instead.`,
      );
    else mistakes.push({ file: scriptFile, ...atStart, ...found.problem });
  }
  return {
    directory,
    source,
    ...(script !== undefined && { script }),
    ...(issue && { issue }),
    ...(rule && { rule }),
    mistakes,
  };
}

const atStart = { line: 1, column: 1 } as const;

const placeOf = ({ line, column, code, message }: Omit<FolderMistake, 'file'>) => ({
  line,
  column,
  code,
  message,
});

/** The beginning of a text file, as much as `most` bytes of it. */
function readText(file: string, most: number) {
  const read = withFile(file, source => textOfUtf8(source.read(0, most)).text);
  if (!read.ok) return read;
  if (read.problem) return { ok: false as const, problem: read.problem };
  return { ok: true as const, text: read.value };
}
