import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { simulateScript } from '../../../shared/remediation/simulate/simulate-script.ts';
import {
  fillTemplate,
  openFieldsOf,
  type Template,
  templates,
} from '../../../shared/remediation/templates/template-table.ts';
import { MemoryVolume } from './memory-volume.ts';

const filled = (template: Template) =>
  fillTemplate(template, Object.fromEntries(template.fields.map(({ name, example }) => [name, example])));

/** A machine on which the example of every template has something to heal. */
function volume(diskFilters: readonly string[]): MemoryVolume {
  const linkedAt = new Date('2024-06-01T00:00:00Z');
  const folder = 'W:\\Windows\\System32\\drivers\\CrowdStrike';
  const hive = buildSystemHive({
    computerName: 'A',
    drivers: [{ name: 'cntflt', start: 0 }],
    diskFilters,
  });
  return new MemoryVolume({
    'W:\\Windows\\System32\\config\\SYSTEM': { bytes: new Uint8Array(hive) },
    [`${folder}\\C-00000291-0032.sys`]: { writtenAt: '2024-07-19T04:09:33Z' },
    [`${folder}\\contoso.sys`]: { bytes: new Uint8Array(buildDriverFile({ version: '4.2.3.0', linkedAt })) },
  });
}

const facts = { 'crash.module': 'csagent.sys', 'driver.cntflt.version': '4.2.3.0' };

describe('templates', () => {
  for (const template of templates)
    describe(template.id, () => {
      test('asks for every place that it has, and is unsound before they are filled', () => {
        assert.deepEqual(
          [...openFieldsOf(template.text)].sort(),
          template.fields.map(({ name }) => name).sort(),
        );
        assert.equal(checkScript(template.text).script, undefined);
      });

      test('filled, it is sound and in the one layout, and heals', () => {
        const text = filled(template);
        const { script, diagnostics } = checkScript(text);
        assert.deepEqual(diagnostics, []);
        assert.equal(formatScript(script!), text);
        // The plain driver is no filter; the one that is has its own template.
        const on = volume(template.id === 'driver' ? [] : ['cntflt']);
        assert.equal(simulateScript(script!, { kind: 'volume', volume: on, facts }).outcome, 'would-run');
      });
    });

  test('a value stays on its line', () => {
    const [template] = templates;
    const text = fillTemplate(template!, { title: 'a"\n\nreboot' });
    assert.equal(text.split('\n').length, template!.text.split('\n').length);
  });
});
