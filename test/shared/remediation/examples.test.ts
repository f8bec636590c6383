import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actionDefinitions } from '../../../shared/remediation/action-table.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { conditionDefinitions } from '../../../shared/remediation/condition-table.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { actionsOf } from '../../../shared/remediation/syntax-tree.ts';

describe('the example of each row is a sound line in the one layout', () => {
  for (const { verb, example, class: kind } of actionDefinitions)
    test(verb, () => {
      // Tools of Windows need a script that says its risk and asks for evidence.
      const risk = verb === 'run' ? 'high' : 'medium';
      const frame =
        kind === 'reversible' ? '' : `remediation "Try it"\n  risk ${risk}\n\nrequire crash code is 0x7b\n\n`;
      const { script, diagnostics } = checkScript(`${frame}${example}\n`);
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(
        actionsOf(script!).map(action => action.verb),
        [verb],
      );
      assert.equal(formatScript(script!), `${frame}${example}\n`);
    });
  for (const { kind, example } of conditionDefinitions)
    test(kind, () => {
      const text = `require ${example}\n\ndelete %SystemRoot%\\bad.sys\n`;
      const { script, diagnostics } = checkScript(text);
      assert.deepEqual(diagnostics, []);
      assert.equal(script!.guards[0]!.condition.kind, kind);
      assert.equal(formatScript(script!), text);
    });
});
