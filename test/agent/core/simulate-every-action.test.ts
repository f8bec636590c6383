import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { collectEvidence } from '../../../agent/core/collect/collect-evidence.ts';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { type Simulation, simulateScript } from '../../../shared/remediation/simulate/simulate-script.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { classOfTrial, trialNames, type TrialName } from '../support/action-trials.ts';
import { createWorld, listFiles } from '../support/world.ts';

/** The machine that an action heals, tried as a volume and by what its agent would report of it. */
async function simulate(name: TrialName) {
  const world = await createWorld(actionMachine(name));
  const host = world.start();
  const found = findWindows(host);
  assert.ok(found.ok);
  const { facts, moreFacts } = collectEvidence(host, found.windows, world.startReason, 'LAPTOP-4711');
  const script = checkScript(actionScript(name)).script!;
  const before = listFiles(world.disk);
  const onVolume = simulateScript(script, { kind: 'volume', volume: found.windows, facts });
  const onIncident = simulateScript(script, { kind: 'facts', facts: { ...moreFacts, ...facts } });
  assert.deepEqual(listFiles(world.disk), before, 'nothing is changed');
  return { onVolume, onIncident };
}

/** What a line does, as a person reads it. */
const shown = ({ differences }: Simulation): readonly string[] =>
  differences.map(one => {
    if (one.kind === 'other') return one.what;
    if (one.kind === 'file') return `${one.path} → ${one.toPath ?? 'quarantine'}`;
    return `${one.key} ${one.name}: ${one.before ?? 'absent'} → ${one.after ?? 'absent'}`;
  });

const config = 'C:\\Windows\\System32\\config';
const logId = '{016888cd-6c6f-11de-8d1d-001e0bcde3ec}';
const set = 'ControlSet001';
const overrides = `${set}\\Policies\\Microsoft\\FeatureManagement\\Overrides`;
const diskClass = `${set}\\Control\\Class\\{4d36e967-e325-11ce-bfc1-08002be10318}`;

/** What the newer verbs would change, difference by difference. */
const expected: Partial<Readonly<Record<TrialName, readonly string[]>>> = {
  'restore from quarantine': [
    'C:\\Windows\\System32\\drivers\\ct.sys is replaced by a copy of C:\\ProgramData\\Bootmend\\quarantine\\0190c8a0-0000-7000-8000-000000000001\\1 (5 bytes)',
  ],
  'restore hive': [`SOFTWARE: from ${config}\\RegBack\\SOFTWARE`],
  'replay hives': ['SYSTEM: 1 entry of LOG1 replayed'],
  'clear transaction logs': [
    `${config}\\SYSTEM${logId}.TM.blf → quarantine`,
    `${config}\\TxR\\${logId}.TxR.0.regtrans-ms → quarantine`,
  ],
  'roll back known issue': [
    ...[1, 2, 3, 4].map(
      depth =>
        `HKLM\\SYSTEM\\${overrides
          .split('\\')
          .slice(0, depth + 1)
          .join('\\')}: new key`,
    ),
    `${overrides} 1234567890: absent → REG_DWORD 0`,
  ],
  'add filter entry': [
    `${diskClass} UpperFilters: REG_MULTI_SZ "partmgr" → REG_MULTI_SZ "partmgr", "cntflt"`,
  ],
  'remove registry key': [
    `HKLM\\SYSTEM\\${set}\\Control\\ContosoDisk\\Broken: present with 1 below → absent`,
  ],
  collect: [
    'the report brings the boot log',
    'C:\\Windows\\System32\\drivers\\Contoso\\rules-9.dat → quarantine',
  ],
  message: [
    'the screen says "Your files are safe." for 5 seconds',
    'C:\\Windows\\System32\\drivers\\Contoso\\rules-9.dat → quarantine',
    'the screen says "Done." for 20 seconds',
  ],
};

describe('a trial of every action says that it would run where it heals, and of an incident no more than was recorded', () => {
  for (const name of trialNames)
    test(name, async () => {
      const { onVolume, onIncident } = await simulate(name);
      assert.equal(onVolume.outcome, 'would-run', onVolume.sentence);
      assert.ok(onVolume.differences.length > 0);
      if (expected[name]) assert.deepEqual(shown(onVolume), expected[name]);
      const verdicts = new Set(onVolume.proofs.map(one => one.verdict));
      if (classOfTrial(name) === 'reversible') assert.deepEqual([...verdicts], ['held']);
      else assert.ok(!verdicts.has('failed'));
      // What a machine did not report is never taken for absent.
      assert.ok(['would-run', 'unknown'].includes(onIncident.outcome), onIncident.sentence);
    });
});
