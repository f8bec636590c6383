import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { approverKey, catalogueDocument, payloadTypes } from '../../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import { envelope } from '../../../shared/trust/envelope.ts';
import { openDocument } from '../../../shared/trust/open-document.ts';
import { Refusal } from '../../http/refusal.ts';
import { withInstallation } from '../installation.ts';
import { reportFailure, type Terminal } from '../terminal.ts';
import { readIssueFolders } from './issue-folder.ts';

interface Brought {
  readonly source: string;
  readonly script?: string | undefined;
}
type Read =
  | { readonly ok: true; readonly issues: readonly Brought[] }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly message: string } };

const maxBundleBytes = 64 * 1024 * 1024;

/**
 * `issue import DIR` or `issue import FILE --key KEY.pub.json`: brings known issues to the server as drafts. What is in
 * force stays in force until somebody publishes; equal texts make no new version.
 */
export async function importIssues(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const asked = readArguments(argv);
  if (!asked) return undefined;
  const read = asked.key === undefined ? readFolders(asked.from) : openBundle(asked.from, asked.key);
  if (!read.ok) {
    reportFailure(terminal, false, read.problem);
    return 1;
  }
  return await withInstallation(async ({ config, features }) => {
    let refused = 0;
    const name = os.userInfo().username;
    const author = { organizationId: config.organizationId, name, actor: `account:${name}` };
    for (const { source, script } of read.issues) {
      try {
        const { knownIssueId, version } = await features.issueAuthor.save(author, { source, script });
        terminal.out(`${knownIssueId}: version ${version}\n`);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused++;
        reportFailure(terminal, false, error);
      }
    }
    return refused === 0 ? 0 : 1;
  });
}

function readArguments(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { key: { type: 'string' } },
    });
    const [from, ...more] = positionals;
    return from !== undefined && more.length === 0 ? { from, key: values.key } : undefined;
  } catch {
    return undefined;
  }
}

function readFolders(directory: string): Read {
  const folders = readIssueFolders(directory);
  if (!folders)
    return failed('no-issue', `${directory} holds no known issue; a signed file needs --key as well`);
  const [mistake] = folders.flatMap(one => one.mistakes);
  if (mistake)
    return failed(mistake.code, `${mistake.file}:${mistake.line}:${mistake.column} ${mistake.message}`);
  return { ok: true, issues: folders };
}

/** A signed file, believed only with the key that the caller names. */
function openBundle(file: string, keyFile: string): Read {
  try {
    if (statSync(file).size > maxBundleBytes)
      return failed('too-large', `${file} is larger than a catalogue can be`);
    const key = approverKey.parse(JSON.parse(readFileSync(keyFile, 'utf8')));
    const sealed = envelope.parse(JSON.parse(readFileSync(file, 'utf8')));
    const expected = {
      payloadType: payloadTypes.catalogue,
      schema: catalogueDocument,
      signers: [key],
      threshold: 1,
    };
    const opened = openDocument(sealed, expected, verifyEd25519);
    return opened.ok
      ? { ok: true, issues: opened.document.issues }
      : failed(opened.problem.code, opened.problem.message);
  } catch {
    return failed('unreadable-document', `${file} or ${keyFile} cannot be read as what it should be`);
  }
}

const failed = (code: string, message: string): Read => ({ ok: false, problem: { code, message } });
