import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
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

/** A machine on which the example of a template has something to heal. */
function volumeFor(id: string): MemoryVolume {
  // The plain driver is no filter; the one that is has its own template.
  const diskFilters = id === 'driver' ? [] : ['cntflt'];
  const linkedAt = new Date('2024-06-01T00:00:00Z');
  const folder = 'W:\\Windows\\System32\\drivers\\CrowdStrike';
  const hive = buildSystemHive({
    computerName: 'A',
    drivers: [{ name: 'cntflt', start: 0 }],
    diskFilters,
  });
  const software = buildSoftwareHive({
    build: 22621,
    revision: 3880,
    machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
    packages: [{ name: update, state: id === 'pending-update' ? 0x60 : 0x70 }],
    pending: id === 'pending-update' ? ['RebootPending'] : [],
  });
  const versioned = (version: string) => ({ bytes: new Uint8Array(buildDriverFile({ version, linkedAt })) });
  return new MemoryVolume({
    'W:\\Windows\\System32\\config\\SYSTEM': { bytes: new Uint8Array(hive) },
    'W:\\Windows\\System32\\config\\SOFTWARE': { bytes: new Uint8Array(software) },
    'W:\\Windows\\System32\\drivers\\hidparse.sys': versioned('4.2.7.0'),
    'W:\\Windows\\System32\\hidparse.sys': versioned('4.2.3.0'),
    // Where one comes back from safe mode the bad file is gone.
    ...(id === 'safe-mode-return'
      ? {}
      : { [`${folder}\\C-00000291-0032.sys`]: { writtenAt: '2024-07-19T04:09:33Z' } }),
    [`${folder}\\contoso.sys`]: versioned('4.2.3.0'),
  });
}

const update = 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1';
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
        const volume = volumeFor(template.id);
        const simulation = simulateScript(script!, { kind: 'volume', volume, facts });
        assert.equal(simulation.outcome, 'would-run', JSON.stringify(simulation));
      });
    });

  test('a value stays on its line', () => {
    const [template] = templates;
    const text = fillTemplate(template!, { title: 'a"\n\nreboot' });
    assert.equal(text.split('\n').length, template!.text.split('\n').length);
  });
});
