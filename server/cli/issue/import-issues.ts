import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { ApproverKey, CatalogueDocument } from '../../../shared/trust/documents.ts';
import { Refusal } from '../../http/refusal.ts';
import { type Installation, withInstallation } from '../installation.ts';
import { reportFailure, type Terminal } from '../terminal.ts';
import { openCatalogueFile } from './catalogue-file.ts';
import { type FolderMistake, readIssueFolders, reportFolderMistakes } from './issue-folder.ts';

interface Asked {
  readonly from: string;
  readonly key: string | undefined;
  /** Whether an older catalogue of the same key than was brought in before is meant. */
  readonly older: boolean;
}

interface Brought {
  readonly id: string;
  /** Where it stands, for people. */
  readonly place: string;
  readonly source: string;
  readonly script?: string | undefined;
}

interface Read {
  readonly issues: readonly Brought[];
  readonly mistakes: readonly FolderMistake[];
  /** Who signed it and when it was made; a folder says neither. */
  readonly signed?: { readonly key: ApproverKey; readonly madeAt: string };
}

/**
 * `issue import DIR` or `issue import FILE --key KEY.pub.json`: brings known issues to the server as drafts, all of them
 * or, where one has a mistake, none. What is in force stays in force until somebody publishes; equal texts make no new
 * version.
 */
export async function importIssues(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const asked = readArguments(argv);
  if (!asked) return undefined;
  const read = asked.key === undefined ? readFolders(asked.from) : readCatalogue(asked.from, asked.key);
  if ('problem' in read) {
    reportFailure(terminal, false, read.problem);
    return 1;
  }
  reportFolderMistakes(terminal, read.mistakes);
  if (read.mistakes.length > 0) return 1;
  return await withInstallation(async installation => {
    const older = asked.older ? undefined : await findNewer(installation, asked.from, read);
    if (older) {
      reportFailure(terminal, false, older);
      return 1;
    }
    const shadowed = await findShadowed(installation, read);
    reportFolderMistakes(terminal, shadowed);
    return shadowed.length > 0 ? 1 : await keep(installation, read, terminal);
  });
}

function readArguments(argv: readonly string[]): Asked | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { key: { type: 'string' }, older: { type: 'boolean', default: false } },
  });
  const [from, ...more] = positionals;
  const isPlain = from !== undefined && more.length === 0 && (values.key !== undefined || !values.older);
  return isPlain ? { from, key: values.key, older: values.older } : undefined;
}

type Problem = { readonly problem: { readonly code: string; readonly message: string } };

function readFolders(directory: string): Read | Problem {
  const folders = readIssueFolders(directory);
  if (!folders)
    return {
      problem: {
        code: 'no-issue',
        message: `${directory} holds no known issue. Expected: a folder with an issue.yaml or folders of that kind; a signed file needs --key KEY.pub.json as well.`,
      },
    };
  return {
    issues: folders.map(({ directory, issue, source, script }) => ({
      id: issue?.id ?? '',
      place: path.join(directory, 'issue.yaml'),
      source,
      script,
    })),
    mistakes: folders.flatMap(one => one.mistakes),
  };
}

function readCatalogue(file: string, keyFile: string): Read | Problem {
  const opened = openCatalogueFile(file, keyFile);
  if (!opened.ok) return opened;
  const { document, key } = opened.value;
  const seen = new Set<string>();
  const mistakes = document.issues.flatMap(entry => {
    const found = checkEntry(entry, `${file} ${entry.id}`);
    if (seen.has(entry.id))
      found.push(
        mistakeAt(`${file} ${entry.id}`, 'duplicate-id', 'It stands twice in this file. Expected: once.'),
      );
    seen.add(entry.id);
    return found;
  });
  const issues = document.issues.map(entry => ({ ...entry, place: `${file} ${entry.id}` }));
  return { issues, mistakes, signed: { key, madeAt: document.madeAt } };
}

/** What is wrong with an entry of a signed file. Its signer may be trusted and mistaken. */
function checkEntry({ id, source, script }: CatalogueDocument['issues'][number], file: string) {
  const { issue, diagnostics } = parseIssue(source);
  const mistakes = mistakesIn(diagnostics, file);
  if (issue && issue.id !== id)
    mistakes.push(
      mistakeAt(file, 'wrong-id', `Its source is that of ${issue.id}. Expected: one id in both.`),
    );
  if (issue?.remediation !== undefined && script === undefined)
    mistakes.push(mistakeAt(file, 'script-missing', `Its script ${issue.remediation} is not in the file.`));
  if (script !== undefined)
    for (const { line, column, code, message } of checkScript(script).diagnostics)
      mistakes.push({ file: `${file} script`, line, column, code, message });
  return mistakes;
}

const mistakesIn = (diagnostics: readonly Omit<FolderMistake, 'file'>[], file: string): FolderMistake[] =>
  diagnostics.map(({ line, column, code, message }) => ({ file, line, column, code, message }));

const mistakeAt = (file: string, code: string, message: string): FolderMistake => ({
  file,
  line: 1,
  column: 1,
  code,
  message,
});

const deedOf = ({ keyId }: ApproverKey) => ({
  action: 'catalogue-imported',
  subject: `approver-key:${keyId}`,
});

/** A newer catalogue of the same key that is here already: whoever can hold files back could else bring old mistakes again. */
async function findNewer({ config, database, features }: Installation, file: string, { signed }: Read) {
  if (!signed) return undefined;
  const newest = await features.audit.findNewest(database, config.organizationId, deedOf(signed.key));
  const madeAt = newest?.detail['madeAt'];
  if (typeof madeAt !== 'string' || Date.parse(madeAt) <= Date.parse(signed.madeAt)) return undefined;
  return {
    code: 'older-catalogue',
    message: `${file} was made at ${signed.madeAt}; one that ${signed.key.owner} made at ${madeAt} is here already. Expected: a newer one, or --older to take it all the same.`,
  };
}

/** What the rules in force here leave nothing to decide. */
async function findShadowed({ config, features }: Installation, { issues }: Read) {
  const inForce = (await features.knownIssues.listAuthored(config.organizationId)).map(one => one.rule);
  return issues.flatMap(({ place, source }) => mistakesIn(parseIssue(source, inForce).diagnostics, place));
}

async function keep({ config, database, features }: Installation, read: Read, terminal: Terminal) {
  const { organizationId } = config;
  const name = os.userInfo().username;
  const author = { organizationId, name, actor: `account:${name}` };
  let [refused, drafts] = [0, 0];
  for (const { id, source, script } of read.issues) {
    try {
      const { version, isNew } = await features.issueAuthor.save(author, { source, script });
      if (isNew) drafts++;
      terminal.out(`${id}: version ${version}, ${isNew ? 'a new draft' : 'here already'}\n`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused++;
      const place = error.path === undefined ? {} : { place: error.path };
      reportFailure(terminal, false, { code: error.code, message: `${id}: ${error.message}`, ...place });
    }
  }
  const { signed } = read;
  if (signed && refused === 0)
    await database.transaction(sql =>
      features.audit.append(sql, {
        ...deedOf(signed.key),
        organizationId,
        actor: author.actor,
        detail: { madeAt: signed.madeAt, issues: read.issues.length },
      }),
    );
  if (drafts > 0)
    terminal.out(
      `${drafts === 1 ? 'One new draft changes' : `${drafts} new drafts change`} nothing until somebody publishes: in the console, Known issues.\n`,
    );
  return refused === 0 ? 0 : 1;
}
