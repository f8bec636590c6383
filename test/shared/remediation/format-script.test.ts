import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { arbitraryScript } from './arbitrary-script.ts';

/** A tree without its places in the text. */
const withoutPlaces = (tree: unknown): unknown =>
  JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'span' || key === 'line' ? undefined : value)),
  );

test('a formatted script keeps its tree, and formatting again changes nothing', () => {
  fc.assert(
    fc.property(arbitraryScript, text => {
      const { script, diagnostics } = checkScript(text);
      assert.deepEqual(diagnostics, []);
      const formatted = formatScript(script!);
      const again = checkScript(formatted);
      assert.deepEqual(again.diagnostics, [], formatted);
      assert.deepEqual(withoutPlaces(again.script), withoutPlaces(script));
      assert.equal(formatScript(again.script!), formatted);
    }),
    { numRuns: 400 },
  );
});

test('every line that does something is explained', () => {
  fc.assert(
    fc.property(arbitraryScript, text => {
      const { script } = checkScript(text);
      const explained = new Set(explainScript(script!).map(({ line }) => line));
      for (const one of [...script!.guards, ...script!.steps, ...script!.proofs])
        assert.ok(explained.has(one.line));
    }),
    { numRuns: 100 },
  );
});

test('the one layout', () => {
  const text = `# Seen at Contoso
remediation   "Delete the bad content"
  tell "Almost done."
  risk   low
require driver csagent version 7.11
# Only one of them
require any of
  # the usual one
  crash code is 0x00000050
  file %systemroot%\\a.sys, size 2048 bytes, written from 2024-07-19 04:09:00 UTC
rename %systemdrive%\\a.sys to "b.sys"
delete "%PROGRAMFILES%\\My Vendor\\bad-*.dll",at most 1 files
in %SystemRoot%\\System32\\drivers\\Contoso


  delete bad.sys
reboot
# end`;
  assert.equal(
    formatScript(checkScript(text).script!),
    `# Seen at Contoso
remediation "Delete the bad content"
  risk low
  tell "Almost done."

require driver csagent version 7.11
# Only one of them
require any of
  # the usual one
  crash code is 0x50
  file %SystemRoot%\\a.sys written from 2024-07-19 04:09 UTC, size 2 KB

rename %SystemDrive%\\a.sys to b.sys
delete "%ProgramFiles%\\My Vendor\\bad-*.dll", at most 1 file

in %SystemRoot%\\System32\\drivers\\Contoso
  delete bad.sys

reboot

# end
`,
  );
});
