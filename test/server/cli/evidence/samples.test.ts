import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherEvidence } from '../../../../server/cli/evidence/gather-evidence.ts';
import { samplePath, skipWithout } from '../../../support/samples.ts';

const kinds: Readonly<Record<string, string>> = {
  'evtx/System2_plaso.evtx': 'system-events',
  'kdump/052223-4781-01.dmp': 'crash-dump',
  'kdump/rizin_triage_arm64.dmp': 'crash-dump',
  'logs/SrtTrail_grafox.txt': 'srt-trail',
  'logs/SrtTrail_tiirwaa.txt': 'srt-trail',
  'logs/ntbtlog_win11_utf16le_badsagara.txt': 'ntbtlog',
  'logs/setupapi.dev_plaso.log': 'setupapi-log',
};

for (const [name, kind] of Object.entries(kinds)) {
  test(`${name} is recognised and read`, { skip: skipWithout(name) }, async () => {
    const { files } = await gatherEvidence([samplePath(name)], () => true);
    assert.deepEqual(
      files.map(file => [file.kind, 'problem' in file]),
      [[kind, false]],
    );
  });
}
