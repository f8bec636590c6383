import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { bootmend } from '../../support/command.ts';
import { top } from '../../support/imports.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { caseFiles } from './evidence/case-files.ts';
import { buildZip } from './evidence/zip-builder.ts';

// Every command that docs/reading-evidence.md shows, in its order.
const document = readFileSync(path.join(top, 'docs/reading-evidence.md'), 'utf8');
const shown = [...document.matchAll(/^\$ npm run -s bootmend -- (.+)$/gm)].map(match => match[1]!);

const folder = temporaryFolder();
const inFolder = (name: string) => path.join(folder, name);

/** Where a path of the document lies in the test; words that are no paths stay. */
const places: Readonly<Record<string, string>> = {
  'case.zip': inFolder('case.zip'),
  'lab-machine': inFolder('lab-machine'),
  'lab-machine/C': inFolder('lab-machine/C'),
  '/mnt/windows': inFolder('lab-machine/C'),
  'MEMORY.DMP': inFolder('MEMORY.DMP'),
  'ntbtlog.txt': inFolder('ntbtlog.txt'),
  'SrtTrail.txt': inFolder('SrtTrail.txt'),
  'config/SYSTEM': inFolder('config/SYSTEM'),
};

const expected: Readonly<Record<string, RegExp>> = {
  'read case.zip': /^csagent\.sys is suspected/,
  'read lab-machine/C': /\nKnown issue: CrowdStrike/,
  'read /mnt/windows': /\nKnown issue: CrowdStrike/,
  'dump MEMORY.DMP': /^csagent\.sys is to blame/,
  'bootlog ntbtlog.txt SrtTrail.txt': /was loaded last[^]*Der Treiber ist schuld/,
  'hive config/SYSTEM': /its logs were replayed/,
  'hive config/SYSTEM --key Select': /Current {8}REG_DWORD/,
  'read case.zip --json': /^\{\n {2}"suspect"/,
  'dump MEMORY.DMP --json --redact': /^\{\n {2}"format": "triage"/,
};

describe('what a technician reads at three in the morning', () => {
  before(() => {
    mkdirSync(inFolder('config'));
    const copies: Readonly<Record<string, string>> = {
      f01: 'MEMORY.DMP',
      f02: 'ntbtlog.txt',
      f03: 'SrtTrail.txt',
      f11: 'config/SYSTEM',
      'f11.LOG1': 'config/SYSTEM.LOG1',
      'f11.LOG2': 'config/SYSTEM.LOG2',
    };
    for (const [name, copy] of Object.entries(copies)) writeFileSync(inFolder(copy), caseFiles[name]!.bytes);
    const entries = Object.entries(caseFiles).map(([name, { bytes }]) => ({ name, data: bytes }));
    writeFileSync(inFolder('case.zip'), buildZip(entries));
  });

  assert.ok(shown.length > 10);
  for (const command of shown) {
    test(command, async () => {
      const { code, out, err } = await bootmend(command.split(' ').map(word => places[word] ?? word));
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, expected[command] ?? /./);
      if (command.includes('--redact')) assert.doesNotMatch(out, /anna/i);
    });
  }

  test('every expected command is shown, and every code that is explained exists', () => {
    assert.deepEqual(
      Object.keys(expected).filter(command => !shown.includes(command)),
      [],
    );
    const sources = ['open-archive', 'gather-evidence', 'run-on-many', 'walk-folder'].map(name =>
      readFileSync(path.join(top, `server/cli/evidence/${name}.ts`), 'utf8'),
    );
    const all = [...sources, readFileSync(path.join(top, 'server/cli/file-source.ts'), 'utf8')].join('\n');
    const explained = document
      .slice(document.indexOf('## When it says no'))
      .matchAll(/`([a-z]+(?:-[a-z]+)+)`/g);
    for (const [word, code] of explained) assert.ok(all.includes(`'${code}'`), word);
  });
});
