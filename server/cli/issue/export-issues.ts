import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type CatalogueDocument, maxCatalogueIssues, payloadTypes } from '../../../shared/trust/documents.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import { sealDocument } from '../../../shared/trust/seal-document.ts';
import { askPassphrase } from '../ask-passphrase.ts';
import { fileTroubleOf } from '../file-trouble.ts';
import { withInstallation } from '../installation.ts';
import { type ApproverSigner, KeyFileError, openKeyFile } from '../key-file.ts';
import { reportFailure, type Terminal } from '../terminal.ts';
import { maxCatalogueBytes } from './catalogue-file.ts';

type Exported = CatalogueDocument['issues'][number];

/** `issue export`: the known issues in force as folders that Git understands, or in one signed file. */
export async function exportIssues(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const asked = readArguments(argv);
  if (!asked) return undefined;
  let signer: ApproverSigner | undefined;
  try {
    if (asked.key !== undefined)
      signer = openKeyFile(asked.key, await askPassphrase(`Passphrase of ${asked.key}: `));
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    reportFailure(terminal, false, error);
    return 1;
  }
  return await withInstallation(async ({ config, features }) => {
    const { organizationId } = config;
    const rows = (await features.issueBook.list(organizationId)).filter(one => one.inForce !== undefined);
    const missing = asked.ids.find(id => !rows.some(one => one.knownIssueId === id));
    if (missing !== undefined) {
      reportFailure(terminal, false, { code: 'not-found', message: `no known issue ${missing} is in force` });
      return 1;
    }
    const issues: Exported[] = [];
    for (const { knownIssueId, inForce } of rows) {
      if (asked.ids.length > 0 && !asked.ids.includes(knownIssueId)) continue;
      const { source, script } = await features.issueBook.get(organizationId, knownIssueId, inForce);
      issues.push({ id: knownIssueId, source, ...(script !== undefined && { script }) });
    }
    try {
      if (asked.to !== undefined) writeFolders(asked.to, issues);
      if (asked.bundle !== undefined && signer) writeCatalogue(asked.bundle, issues, signer);
    } catch (error) {
      const problem =
        error instanceof TooLarge ? { code: 'too-large', message: error.message } : fileTroubleOf(error);
      if (!problem) throw error;
      reportFailure(terminal, false, problem);
      return 1;
    }
    const count = issues.length === 1 ? 'One known issue is' : `${issues.length} known issues are`;
    terminal.out(`${count} in ${asked.to ?? asked.bundle}.\n`);
    return 0;
  });
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { to: { type: 'string' }, bundle: { type: 'string' }, key: { type: 'string' } },
  });
  const isFolder = values.to !== undefined && values.bundle === undefined && values.key === undefined;
  const isBundle = values.to === undefined && values.bundle !== undefined && values.key !== undefined;
  return isFolder || isBundle ? { ...values, ids: positionals } : undefined;
}

/** Overwrites texts of the same issues, as a working tree wants it; whatever else lies there stays. */
function writeFolders(to: string, issues: readonly Exported[]): void {
  for (const { id, source, script } of issues) {
    const folder = path.join(to, id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'issue.yaml'), source);
    const { issue } = parseIssue(source);
    if (script !== undefined && issue?.remediation !== undefined)
      writeFileSync(path.join(folder, issue.remediation), script);
  }
}

function writeCatalogue(file: string, issues: Exported[], { key, sign }: ApproverSigner): void {
  const document: CatalogueDocument = { type: 'catalogue', madeAt: new Date().toISOString(), issues };
  const text = JSON.stringify(sealDocument(payloadTypes.catalogue, document, key.keyId, sign));
  if (text.length > maxCatalogueBytes || issues.length > maxCatalogueIssues)
    throw new TooLarge(`${issues.length} known issues do not fit into one file. Name some of them.`);
  writeFileSync(file, text, { flag: 'wx' });
}

class TooLarge extends Error {}
