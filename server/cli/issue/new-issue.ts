import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from '../../http/refusal.ts';
import { withInstallation } from '../installation.ts';
import { reportFailure, type Terminal } from '../terminal.ts';

/** `issue new ID --to DIR [--incident ID]`: a folder to begin a known issue with, or drafted from an incident. */
export async function newIssue(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const asked = readArguments(argv);
  if (!asked) return undefined;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(asked.id) || asked.id.length > 100) {
    const message = `${asked.id} is no id. Expected: small letters, digits and single hyphens, at most 100, as contoso-2026-01-01.`;
    reportFailure(terminal, false, { code: 'wrong-id', message });
    return 1;
  }
  const folder = path.join(asked.to, asked.id);
  const file = path.join(folder, 'issue.yaml');
  if (existsSync(folder)) {
    reportFailure(terminal, false, { code: 'folder-exists', message: `${folder} is there already` });
    return 1;
  }
  const source = asked.incident === undefined ? template(asked.id) : await drafted(asked.incident, asked.id);
  if (source === undefined) {
    reportFailure(terminal, false, { code: 'not-found', message: 'There is no incident with this id.' });
    return 1;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, source, { flag: 'wx' });
  terminal.out(`${file} is written. Fill it in, then: bootmend issue check ${folder}\n`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { to: { type: 'string' }, incident: { type: 'string' } },
  });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0 || values.to === undefined) return undefined;
  return { id, to: values.to, incident: values.incident };
}

async function drafted(incident: string, id: string): Promise<string | undefined> {
  let source: string | undefined;
  await withInstallation(async ({ config, features }) => {
    try {
      source = (await features.issueBook.propose(config.organizationId, incident)).source;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    return 0;
  });
  return source?.replace(/^id: .*$/m, `id: ${id}`);
}

const template = (id: string) => `id: ${id}
title: Say what stops Windows
vendor: Vendor
product: Product
# When the first machine can have got it.
firstSeenAt: 2026-01-01T00:00:00Z
affected: Say which machines have it, in one sentence.
cause: Say the cause in one line, for the list of incidents.
summary: >-
  Say what happened, for the admin who reads the incident.

# The narrowest conditions that the sources support; docs/facts.md lists what machines report.
when:
  all:
    - fact: driver.vendor.version
      from: '1.0'
      until: '1.1'
    - fact: crash.module
      equals: vendor.sys

# Or remediation: remediation.mend, a script beside this file, with policy ask or automatic.
advice:
  - Say here what a person does, step by step.
policy: never
priority: 500
confidence: low

sources:
  - title: The page of the vendor
    url: https://vendor.example/
`;
